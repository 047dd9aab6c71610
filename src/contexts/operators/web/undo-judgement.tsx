import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { call, ConfirmPage, EmptyState, ErrorState, Instant, Loading, Ubn, useAct } from '#web/index';
import { routes } from '../contract.ts';
import { useRun } from './run-data.ts';
import { verdictWord } from './words.ts';
import { useParam } from './use-param.ts';

/** Pages of judgements looked through for the one; there is no route for a single one. */
const PAGES = 20;

/** Takes a judgement back; the newest run is computed again. */
export default function UndoJudgementPage() {
  const id = useParam('id');
  const found = useQuery({
    queryKey: [routes.listJudgements.url, 'one', id],
    queryFn: ({ signal }) => findJudgement(id, signal),
  });
  const newest = useRun(undefined);
  const act = useAct();
  const navigate = useNavigate();
  if (found.data === undefined)
    return found.error === null ? <Loading /> : <ErrorState error={found.error} />;
  const judgement = found.data;
  if (judgement === null) return <EmptyState icon="scale" title={m.operators_judgement_gone()} />;
  return (
    <ConfirmPage
      title={m.operators_page_undo()}
      back={{ label: m.operators_page_judgements(), to: '/judgements' }}
      consequence={m.operators_undo_text()}
      facts={[
        { label: m.operators_f_name(), value: judgement.name },
        { label: m.operators_f_ubn(), value: <Ubn value={judgement.ubn} /> },
        { label: m.operators_f_verdict(), value: verdictWord(judgement.verdict).label },
        { label: m.confirm_reason(), value: judgement.reason },
        { label: m.operators_judged_at(), value: <Instant at={judgement.at} /> },
      ]}
      confirmLabel={m.operators_undo()}
      onConfirm={async () => {
        const { run } = await act(routes.undoJudgement, { params: { id } });
        await navigate({ to: '/judgements', search: { run: run.id, before: newest.data?.id } });
      }}
    />
  );
}

async function findJudgement(id: string, signal: AbortSignal) {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { items, nextCursor } = await call(
      routes.listJudgements,
      { query: { limit: 200, cursor } },
      { signal },
    );
    const found = items.find((one) => one.id === id);
    if (found !== undefined) return found;
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return null;
}
