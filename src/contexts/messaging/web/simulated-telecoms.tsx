import { m } from 'virtual:messages';
import type { AnswerOf, BodyOf } from '#platform/http/contract';
import { count, Form, Section, TextField, useAct, useAnswer, type Values } from '#web/index';
import { routes } from '../contract.ts';

const REFRESH_MS = 2000;

type Telecom = AnswerOf<typeof routes.listSimulatedTelecoms>['items'][number];
type Dials = BodyOf<typeof routes.turnSimulatedTelecom>;

/** Dials as people read them: `share` is 0 to 1 and shown in percent. */
const dials: readonly {
  readonly name: keyof Dials;
  readonly label: () => string;
  readonly share?: boolean;
}[] = [
  { name: 'responseMs', label: () => m.messaging_dial_response() },
  { name: 'receiptMs', label: () => m.messaging_dial_receipt() },
  { name: 'rate', label: () => m.messaging_dial_rate() },
  { name: 'disconnectEvery', label: () => m.messaging_dial_disconnect() },
  { name: 'noResponse', label: () => m.messaging_dial_no_response(), share: true },
  { name: 'noReceipt', label: () => m.messaging_dial_no_receipt(), share: true },
  { name: 'undeliverable', label: () => m.messaging_dial_undeliverable(), share: true },
  { name: 'queueFull', label: () => m.messaging_dial_queue_full(), share: true },
  { name: 'reorder', label: () => m.messaging_dial_reorder(), share: true },
  { name: 'receiptFirst', label: () => m.messaging_dial_receipt_first(), share: true },
  { name: 'duplicateReceipts', label: () => m.messaging_dial_duplicates(), share: true },
];

/** The simulated telecoms with their counters, and the dials for what goes wrong with real ones. */
export function SimulatedTelecoms({ mayTurn }: { readonly mayTurn: boolean }) {
  const { data } = useAnswer(routes.listSimulatedTelecoms, {}, { refetchMs: REFRESH_MS });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Section title={m.messaging_telecoms_simulated()} lead={m.messaging_telecoms_simulated_lead()}>
      <ul className="ms-telecoms">
        {data.items.map((telecom) => (
          <li key={telecom.id} className="x-card ms-telecom">
            <h3>{telecom.name}</h3>
            <dl className="ms-figures">
              {Object.entries({
                [m.messaging_count_binds()]: telecom.binds,
                [m.messaging_count_taken()]: telecom.counters['parts'],
                [m.messaging_count_duplicates()]: telecom.counters['duplicates'],
                [m.messaging_count_throttled()]: telecom.counters['throttled'],
                [m.messaging_count_receipts_waiting()]: telecom.waitingReceipts,
              }).map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{count(value)}</dd>
                </div>
              ))}
            </dl>
            {mayTurn ? (
              <details className="ms-more">
                <summary>{m.messaging_dials_of({ name: telecom.name })}</summary>
                <DialsForm telecom={telecom} />
              </details>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function DialsForm({ telecom }: { readonly telecom: Telecom }) {
  const act = useAct();
  const turn = async (values: Values): Promise<void> => {
    const body: Record<string, number> = {};
    for (const { name, share } of dials) {
      const given = Number(values[name]);
      if (Number.isFinite(given)) body[name] = share === true ? given / 100 : given;
    }
    await act(routes.turnSimulatedTelecom, { params: { id: telecom.id }, body });
  };
  return (
    <Form wide submitLabel={m.messaging_dials_turn()} onSubmit={turn}>
      <div className="ms-dials">
        {dials.map(({ name, label, share }) => {
          const value = telecom.dials[name];
          return (
            <TextField
              key={name}
              name={name}
              label={label()}
              inputMode="numeric"
              required
              defaultValue={String(share === true ? Math.round(value * 10_000) / 100 : value)}
            />
          );
        })}
      </div>
    </Form>
  );
}
