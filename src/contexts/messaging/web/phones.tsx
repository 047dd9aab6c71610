import './messaging.css';
import { m } from 'virtual:messages';
import {
  count,
  EmptyState,
  ErrorState,
  FilterBar,
  instantShort,
  Loading,
  PageHeader,
  relative,
  useAnswer,
  useMay,
  useUrlState,
} from '#web/index';
import { routes } from '../contract.ts';
import { Phone } from './phone.tsx';
import { phonesSearch } from './search-schemas.ts';
import { SimulatedTelecoms } from './simulated-telecoms.tsx';

const REFRESH_MS = 1000;
const PHONES = 60;

/** The wall of phones: who was last reached by a text from 111 in the sandbox, and by which words. */
export default function PhonesPage() {
  const [search, setSearch] = useUrlState(phonesSearch);
  const mayTurn = useMay('messaging.links');
  const telecoms = useAnswer(routes.listSimulatedTelecoms, {});
  const names = new Map((telecoms.data?.items ?? []).map(({ id, name }) => [id, name]));
  const digits = search.q?.replaceAll(/\D/gu, '') ?? '';
  const { data, error, refetch } = useAnswer(
    routes.listSimulatedPhones,
    { query: { limit: PHONES, search: digits === '' ? undefined : digits } },
    { refetchMs: REFRESH_MS },
  );
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_phones()} lead={m.messaging_phones_lead()} />
      <SimulatedTelecoms mayTurn={mayTurn} />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'text',
            name: 'q',
            label: m.messaging_phones_find(),
            placeholder: m.messaging_phones_hint(),
          },
        ]}
      />
      {data === undefined ? (
        error === null ? (
          <Loading rows={6} />
        ) : (
          <ErrorState error={error} retry={() => void refetch()} />
        )
      ) : data.items.length === 0 ? (
        <div className="x-card">
          <EmptyState icon="phone" title={m.messaging_phones_none()}>
            {m.messaging_phones_none_text()}
          </EmptyState>
        </div>
      ) : (
        <ul className="ms-wall">
          {data.items.map((phone) => (
            <li key={phone.number}>
              <Phone
                size="small"
                label={m.messaging_phone_of({ number: spacedNumber(phone.number) })}
                bubbles={phone.texts.slice(-1).map(({ text, at }) => ({
                  text: text ?? m.messaging_binary(),
                  when: (
                    <time dateTime={at} title={instantShort(at)}>
                      {relative(at)}
                    </time>
                  ),
                  key: at,
                }))}
                owner={
                  <>
                    <strong className="x-numbers">{spacedNumber(phone.number)}</strong>
                    <small className="ms-sub">
                      {m.messaging_phone_facts({
                        telecom: names.get(phone.telecom) ?? phone.telecom,
                        count: count(phone.received),
                      })}
                    </small>
                  </>
                }
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** `0912 345 678`; a national number with or without its 0. */
function spacedNumber(number: string): string {
  const digits = number.startsWith('0') ? number : `0${number}`;
  return digits.replace(/^(\d{4})(\d{3})(\d+)$/u, '$1 $2 $3');
}
