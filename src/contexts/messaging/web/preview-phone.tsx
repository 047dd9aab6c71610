import { m } from 'virtual:messages';
import { count, Icon, money, pick } from '#web/index';
import type { PreviewAnswer, Problem } from '../catalogue/shapes-contract.ts';
import { valuePlaces } from './draft-fields.ts';
import { Phone } from './phone.tsx';
import type { Mark } from './text-pieces.ts';

/** Units of a text of one part, by alphabet. */
const ROOM = { ucs2: 70, gsm: 160 } as const;

/** A preview on the phone, with its count, cost and everything that was noticed in it. */
export function PreviewPhone({
  preview,
  body,
  values = {},
  label,
}: {
  readonly preview: PreviewAnswer | undefined;
  /** With its fields, to show where values stand. */
  readonly body: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly label?: string;
}) {
  const text = preview?.text ?? '';
  const problems = preview?.problems ?? [];
  const marks: Mark[] = [
    ...valuePlaces(text, preview?.body.start ?? 0, body, values).map((place) => ({
      ...place,
      kind: 'field' as const,
    })),
    ...problems.flatMap((problem, index) =>
      problem.at === undefined ? [] : [{ ...problem.at, kind: markOf(problem), label: String(index + 1) }],
    ),
  ];
  return (
    <div className="ms-preview">
      <Phone
        label={label ?? m.messaging_preview_label()}
        empty={m.messaging_preview_empty()}
        bubbles={text === '' ? [] : [{ text, cuts: cutsOf(preview?.parts ?? []), marks }]}
      />
      <div className="ms-preview__beside" aria-live="polite">
        {preview === undefined || text === '' ? null : <Meter preview={preview} />}
        <Problems problems={problems} />
      </div>
    </div>
  );
}

const markOf = ({ level }: Problem): 'refuse' | 'warn' => (level === 'refuse' ? 'refuse' : 'warn');

function cutsOf(parts: PreviewAnswer['parts']): number[] {
  let end = 0;
  return parts.slice(0, -1).map((part) => (end += part.text.length));
}

/** How full the text is: `62 / 70`, parts, price. */
export function Meter({ preview }: { readonly preview: PreviewAnswer }) {
  const room = preview.alphabet === 'ucs2' ? ROOM.ucs2 : ROOM.gsm;
  const isLong = preview.parts.length > 1;
  return (
    <div className="ms-meter" data-long={isLong}>
      <p className="ms-meter__count">
        <strong className="x-numbers">
          {preview.units} / {room}
        </strong>{' '}
        {isLong
          ? m.messaging_meter_over({ count: -preview.remaining })
          : m.messaging_meter_left({ count: preview.remaining })}
      </p>
      <progress
        max={room}
        value={Math.min(room, preview.units)}
        aria-label={m.messaging_meter_label({ count: preview.units, room })}
      />
      <p className="ms-meter__parts">
        {m.messaging_meter_parts({ count: preview.parts.length })}
        {isLong ? (
          <span className="x-muted x-numbers">
            {' '}
            ({preview.parts.map((part) => count(part.units)).join(' + ')})
          </span>
        ) : null}
        {' · '}
        {preview.costNtd === null
          ? m.messaging_meter_no_price()
          : m.messaging_meter_cost({ cost: money(preview.costNtd) })}
      </p>
    </div>
  );
}

/** What was noticed, refusals first; a number leads to its place in the text. */
export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const numbered = problems.map((problem, index) => ({ problem, number: index + 1 }));
  const ordered = [
    ...numbered.filter(({ problem }) => problem.level === 'refuse'),
    ...numbered.filter(({ problem }) => problem.level === 'warn'),
  ];
  return (
    <ul className="ms-problems" aria-label={m.messaging_noticed()}>
      {ordered.map(({ problem, number }) => (
        <li key={`${problem.code}-${number}`} data-level={problem.level}>
          <Icon name={problem.level === 'refuse' ? 'stop' : 'alert'} size={17} />
          <span>
            <strong>
              {problem.level === 'refuse' ? m.messaging_refused() : m.messaging_warned()}
              {problem.at === undefined ? null : <sup>{number}</sup>}
            </strong>
            {problem.field === undefined ? null : <> {m.messaging_in_field({ field: problem.field })}</>}{' '}
            {pick(problem)}
          </span>
        </li>
      ))}
    </ul>
  );
}
