import './messaging.css';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  Notice,
  PageHeader,
  pick,
  StatusBadge,
  useAnswer,
  useMay,
  usePathValue,
} from '#web/index';
import { routes } from '../contract.ts';
import { BatchChecked } from './batch-checked.tsx';
import { isMoving, type Batch } from './batch-data.ts';
import { BatchDraft } from './batch-draft.tsx';
import { BatchRun } from './batch-run.tsx';
import { BatchSealed } from './batch-sealed.tsx';
import { JobProgress } from './job-progress.tsx';
import { StepList } from './step-list.tsx';
import { WaitingPage } from './waiting-page.tsx';
import { batchStateWord } from './words.ts';

const FOLLOW_MS = 1000;

/** One batch through its life: recipients, check, seal, approval, sending, report. */
export default function BatchPage() {
  const id = usePathValue('id');
  const first = useAnswer(routes.getBatch, { params: { id } });
  const answer = useAnswer(
    routes.getBatch,
    { params: { id } },
    { refetchMs: isMoving(first.data?.state) ? FOLLOW_MS : false },
  );
  const back = { label: m.messaging_page_batches(), to: '/messaging/batches' };
  const batch = answer.data;
  if (batch === undefined) return <WaitingPage title={m.messaging_batch()} back={back} answer={answer} />;
  return (
    <div className="x-page">
      <PageHeader
        title={batch.name}
        back={back}
        lead={<StatusBadge {...batchStateWord(batch.state)} />}
        actions={<Acts batch={batch} />}
      />
      <StepList label={m.messaging_batch_steps()} steps={steps()} at={stepOf(batch)} />
      {batch.problem === null || batch.state === 'draft' ? null : (
        <Notice tone="danger" title={m.messaging_batch_problem()}>
          <p>{pick(batch.problem)}</p>
        </Notice>
      )}
      <Body batch={batch} />
    </div>
  );
}

const steps = (): string[] => [
  m.messaging_batch_step_file(),
  m.messaging_batch_step_check(),
  m.messaging_batch_step_approve(),
  m.messaging_batch_step_send(),
  m.messaging_batch_step_report(),
];

function stepOf({ state, sealedAt, startedAt }: Batch): number {
  switch (state) {
    case 'draft':
    case 'reading':
      return 0;
    case 'checked':
    case 'sealing':
      return 1;
    case 'sealed':
      return 2;
    case 'approved':
    case 'sending':
    case 'paused':
      return 3;
    case 'done':
      return 5;
    default:
      return startedAt !== null ? 4 : sealedAt !== null ? 2 : 0;
  }
}

function Acts({ batch }: { readonly batch: Batch }) {
  const maySend = useMay('messaging.send');
  const mayEnd = ['draft', 'checked', 'sealed', 'approved', 'sending', 'paused'].includes(batch.state);
  if (!maySend || !mayEnd) return null;
  return (
    <ButtonLink to="/messaging/batches/$id/cancel" params={{ id: batch.id }}>
      {m.messaging_cancel_batch()}
    </ButtonLink>
  );
}

function Body({ batch }: { readonly batch: Batch }) {
  switch (batch.state) {
    case 'draft':
      return <BatchDraft batch={batch} />;
    case 'reading':
      return <JobProgress jobId={batch.jobId} title={m.messaging_reading()} />;
    case 'checked':
      return <BatchChecked batch={batch} />;
    case 'sealing':
      return <JobProgress jobId={batch.jobId} title={m.messaging_sealing()} />;
    case 'sealed':
      return <BatchSealed batch={batch} />;
    case 'approved':
    case 'sending':
    case 'paused':
    case 'done':
      return <BatchRun batch={batch} />;
    case 'cancelled':
      return batch.startedAt === null ? (
        <Notice title={m.messaging_batch_cancelled()}>{m.messaging_batch_nothing_sent()}</Notice>
      ) : (
        <BatchRun batch={batch} />
      );
    case 'failed':
      return batch.startedAt === null ? (
        <Notice tone="warning">{m.messaging_batch_failed_text()}</Notice>
      ) : (
        <BatchRun batch={batch} />
      );
  }
}
