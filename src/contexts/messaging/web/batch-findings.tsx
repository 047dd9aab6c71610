import { m } from 'virtual:messages';
import { count, Icon, pick } from '#web/index';
import type { Batch } from './batch-data.ts';

/** What was found in the files, by kind: refused rows, things to look at, and what was repaired by itself. */
export function BatchFindings({ batch }: { readonly batch: Batch }) {
  const readings = batch.files.flatMap(({ reading }) => (reading === null ? [] : [reading]));
  const newest = readings.at(-1);
  if (newest === undefined) return null;
  const repairs = new Map<string, number>();
  for (const reading of readings)
    for (const [name, rows] of Object.entries(reading.repairs))
      repairs.set(name, (repairs.get(name) ?? 0) + rows);
  const lines = [
    ...newest.problems.map((one) => ({ ...one, level: 'refuse' as const })),
    ...newest.warnings.map((one) => ({ ...one, level: 'warn' as const })),
  ];
  const mended = [...repairs].filter(([, rows]) => rows > 0);
  if (lines.length === 0 && mended.length === 0) return null;
  return (
    <ul className="ms-problems" aria-label={m.messaging_noticed()}>
      {lines.map((line) => (
        <li key={`${line.level}-${line.code}`} data-level={line.level}>
          <Icon name={line.level === 'refuse' ? 'stop' : 'alert'} size={17} />
          <span>
            <strong>{m.messaging_rows_counted({ count: count(line.count) })}</strong> {pick(line)}{' '}
            <span className="x-muted">{m.messaging_first_row({ row: count(line.firstRow) })}</span>
          </span>
        </li>
      ))}
      {mended.map(([name, rows]) => (
        <li key={name} data-level="fine">
          <Icon name="check" size={17} />
          <span>
            <strong>{m.messaging_rows_counted({ count: count(rows) })}</strong> {repairWord(name)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function repairWord(name: string): string {
  switch (name) {
    case 'leading-zero':
      return m.messaging_repair_zero();
    case 'country-code':
      return m.messaging_repair_country();
    case 'marks':
      return m.messaging_repair_marks();
    case 'full-width':
      return m.messaging_repair_width();
    default:
      return m.messaging_repair_other({ name });
  }
}
