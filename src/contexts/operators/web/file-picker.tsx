import { useId, useState, type DragEvent } from 'react';
import { m } from 'virtual:messages';
import { Icon } from '#web/index';
import { droppedFiles } from './upload.ts';

/** A place to drop files or folders on, and two buttons that choose them. */
export function FilePicker({
  onFiles,
  disabled,
}: {
  readonly onFiles: (files: readonly File[]) => void;
  readonly disabled: boolean;
}) {
  const id = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (!disabled) void droppedFiles(event.dataTransfer.items).then(onFiles);
  };
  const choose = (input: HTMLInputElement): void => {
    onFiles([...(input.files ?? [])]);
    // The same file may be chosen again after it was taken out.
    input.value = '';
  };
  return (
    <div
      className="op-drop"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="import" size={34} />
      <p>{m.operators_drop()}</p>
      <div className="x-row">
        <label className="x-button x-button--primary" htmlFor={`${id}-files`}>
          {m.operators_choose_files()}
        </label>
        <input
          id={`${id}-files`}
          className="x-hidden op-drop__input"
          type="file"
          multiple
          disabled={disabled}
          onChange={(event) => choose(event.currentTarget)}
        />
        <label className="x-button" htmlFor={`${id}-folder`}>
          {m.operators_choose_folder()}
        </label>
        <input
          id={`${id}-folder`}
          className="x-hidden op-drop__input"
          type="file"
          multiple
          disabled={disabled}
          onChange={(event) => choose(event.currentTarget)}
          {...{ webkitdirectory: '' }}
        />
      </div>
      <p className="x-muted">{m.operators_drop_hint()}</p>
    </div>
  );
}
