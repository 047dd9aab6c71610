import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type DragEvent } from 'react';
import { m } from 'virtual:messages';
import { Icon, Notice, ProblemError, problemText, Progress } from '#web/index';
import { routes } from '../contract.ts';
import { uploadFile } from './upload.ts';

/** A place for the one file of recipients, or of corrected rows: drop it or choose it; it goes at once. */
export function RecipientsUpload({
  batchId,
  corrections = false,
}: {
  readonly batchId: string;
  readonly corrections?: boolean;
}) {
  const id = useId();
  const client = useQueryClient();
  const [over, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const [allowDuplicates, setAllow] = useState(false);
  const abort = useRef<AbortController | null>(null);
  const last = useRef<File | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const send = async (file: File | undefined, again = false): Promise<void> => {
    if (file === undefined || share !== null) return;
    const controller = new AbortController();
    abort.current = controller;
    last.current = file;
    setProblem(null);
    setShare(0);
    try {
      await uploadFile(
        corrections ? routes.uploadCorrections : routes.uploadBatchFile,
        {
          params: { id: batchId },
          query: { again: again || undefined, allowDuplicates: allowDuplicates || undefined },
        },
        file,
        setShare,
        controller.signal,
      );
      await client.invalidateQueries();
    } catch (error) {
      if (!controller.signal.aborted) setProblem(error as Error);
    } finally {
      setShare(null);
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  const isRepeated = problem instanceof ProblemError && problem.code === 'messaging.batch_file_again';
  return (
    <div className="x-stack x-stack--tight">
      {problem === null ? null : (
        <Notice tone={isRepeated ? 'warning' : 'danger'}>
          <p>{isRepeated ? m.messaging_file_again() : problemText(problem)}</p>
          {isRepeated ? (
            <Button variant="default" onClick={() => void send(last.current ?? undefined, true)}>
              {m.messaging_file_again_do()}
            </Button>
          ) : null}
        </Notice>
      )}
      <div
        className="ms-drop"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {share === null ? (
          <>
            <Icon name="import" size={34} />
            <p>{corrections ? m.messaging_drop_corrections() : m.messaging_drop()}</p>
            <label className="x-button x-button--primary" htmlFor={id}>
              {m.messaging_choose_file()}
            </label>
            <input
              id={id}
              className="x-hidden ms-drop__input"
              type="file"
              accept=".csv,.tsv,.txt,.xlsx,.ods"
              onChange={(event) => {
                const { files } = event.currentTarget;
                void send(files?.[0]);
                // The same file may be chosen again after it was corrected.
                event.currentTarget.value = '';
              }}
            />
            <p className="x-muted">{m.messaging_drop_hint()}</p>
          </>
        ) : (
          <>
            <p role="status">{share >= 1 ? m.messaging_upload_checked() : m.messaging_uploading()}</p>
            <Progress
              label={m.messaging_uploading()}
              done={Math.round(share * 100)}
              total={share >= 1 ? null : 100}
            />
            <Button variant="default" onClick={() => abort.current?.abort()}>
              {m.confirm_cancel()}
            </Button>
          </>
        )}
      </div>
      <label className="x-check">
        <input
          type="checkbox"
          checked={allowDuplicates}
          onChange={(event) => setAllow(event.target.checked)}
        />
        <span>
          {m.messaging_allow_duplicates()}
          <small className="x-muted">{m.messaging_allow_duplicates_hint()}</small>
        </span>
      </label>
    </div>
  );
}
