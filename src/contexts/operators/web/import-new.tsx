import './operators.css';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { m } from 'virtual:messages';
import { bytes, count, Icon, Notice, PageHeader, problemText, Progress, Section } from '#web/index';
import { FilePicker } from './file-picker.tsx';
import { SourceKinds } from './source-kinds.tsx';
import { isSourceFile, uploadFiles } from './upload.ts';

/** Files shown by name; beyond that their number is told. */
const LISTED = 100;

/** Files are chosen or dropped here, sent, and previewed by the server. Nothing is imported yet. */
export default function ImportNewPage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const add = (more: readonly File[]): void => {
    const taken = more.filter((file) => isSourceFile(file.name));
    setProblem(null);
    setFiles((now) => [...now.filter((old) => !taken.some((one) => one.name === old.name)), ...taken]);
  };
  const send = async (): Promise<void> => {
    const controller = new AbortController();
    abort.current = controller;
    setProblem(null);
    setShare(0);
    try {
      const made = await uploadFiles(files, setShare, controller.signal);
      await client.invalidateQueries();
      await navigate({ to: '/imports/$id', params: { id: made.id } });
    } catch (error) {
      if (!controller.signal.aborted) setProblem(problemText(error as Error));
      setShare(null);
    }
  };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_import_new()}
        lead={m.operators_import_lead()}
        back={{ label: m.operators_page_imports(), to: '/imports' }}
      />
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <FilePicker onFiles={add} disabled={share !== null} />
      {files.length === 0 ? null : (
        <section className="x-card op-files" aria-labelledby="chosen">
          <h2 id="chosen">{m.operators_chosen({ count: count(files.length), size: bytes(size) })}</h2>
          <ul>
            {files.slice(0, LISTED).map((file) => (
              <li key={file.name}>
                <span>{file.name}</span>
                <span className="x-muted x-numbers">{bytes(file.size)}</span>
                <button
                  type="button"
                  className="x-textbutton"
                  disabled={share !== null}
                  aria-label={m.operators_remove_file({ name: file.name })}
                  onClick={() => setFiles(files.filter((one) => one !== file))}
                >
                  <Icon name="close" size={15} />
                  {m.operators_remove()}
                </button>
              </li>
            ))}
          </ul>
          {share === null ? (
            <div className="x-row">
              <Button onClick={() => void send()}>{m.operators_upload()}</Button>
            </div>
          ) : (
            <div className="op-upload">
              <Progress
                label={m.operators_uploading()}
                done={Math.round(share * 100)}
                total={share >= 1 ? null : 100}
              />
              <p role="status">{share >= 1 ? m.operators_recognising() : m.operators_uploading()}</p>
              <Button variant="default" onClick={() => abort.current?.abort()}>
                {m.confirm_cancel()}
              </Button>
            </div>
          )}
        </section>
      )}
      <Section title={m.operators_kinds_title()} lead={m.operators_kinds_lead()}>
        <SourceKinds />
      </Section>
    </div>
  );
}
