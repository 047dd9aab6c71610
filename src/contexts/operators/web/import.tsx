import './operators.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  call,
  ErrorState,
  Instant,
  Loading,
  Notice,
  PageHeader,
  pick,
  StatusBadge,
  useMay,
} from '#web/index';
import { routes, type ImportDetail } from '../contract.ts';
import { ImportPreview } from './import-preview.tsx';
import { ImportReceipt } from './import-receipt.tsx';
import { importStateWord } from './import-words.ts';
import { JobProgress } from './job-progress.tsx';
import { POLL_MS } from './run-data.ts';
import { useParam } from './use-param.ts';

/** One import through its life: preview and confirmation, progress, receipt. */
export default function ImportPage() {
  const id = useParam('id');
  const client = useQueryClient();
  const answer = useQuery({
    queryKey: [routes.getImport.url, { id }, undefined],
    queryFn: ({ signal }) => call(routes.getImport, { params: { id } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? POLL_MS : false),
  });
  const state = answer.data?.state;
  const last = useRef(state);
  useEffect(() => {
    // Counts and lists elsewhere are those of before.
    if (last.current === 'running' && state === 'done') void client.invalidateQueries();
    last.current = state;
  }, [state, client]);
  const back = { label: m.operators_page_imports(), to: '/imports' };
  if (answer.data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.operators_page_import()} back={back} />
        {answer.error === null ? (
          <Loading rows={8} />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )}
      </div>
    );
  }
  const { data } = answer;
  const word = importStateWord(data.state);
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_import()}
        back={back}
        lead={
          <>
            <StatusBadge tone={word.tone} label={word.label} />{' '}
            {m.operators_files_count({ count: data.files.length })} · <Instant at={data.createdAt} />
          </>
        }
      />
      <Body data={data} />
    </div>
  );
}

function Body({ data }: { readonly data: ImportDetail }) {
  const mayImport = useMay('operators.import');
  const problem =
    data.problem === null ? null : (
      <Notice tone="danger" title={m.operators_import_failed_title()}>
        <p>{pick(data.problem)}</p>
      </Notice>
    );
  switch (data.state) {
    case 'running':
      return data.jobId === null ? (
        <Notice>{m.operators_working()}</Notice>
      ) : (
        <JobProgress jobId={data.jobId} title={m.operators_importing()} />
      );
    case 'done':
      return <ImportReceipt data={data} />;
    case 'cancelled':
      return (
        <Notice title={m.operators_import_was_cancelled()}>
          <p>{m.operators_import_nothing_taken()}</p>
          {mayImport ? <ButtonLink to="/imports/new">{m.operators_import_start()}</ButtonLink> : null}
        </Notice>
      );
    case 'previewed':
    case 'failed':
      return (
        <>
          {problem}
          {mayImport ? <ImportPreview data={data} /> : <Notice>{m.operators_import_waits()}</Notice>}
        </>
      );
  }
}
