import { useState } from 'react';
import { m } from 'virtual:messages';
import { bytes, Notice, pick, SelectField, StatusBadge, TextField } from '#web/index';
import type { ImportFile } from '../contract.ts';
import { controlNames, proposedHeader, type SourceKind } from './import-decision.ts';
import { sourceWord } from './words.ts';

/** Rows of the sample that are shown. */
const ROWS = 5;

/** One file: what it was taken for, its columns, its first rows, and what is wrong with it. */
export function ImportFileCard({
  file,
  kinds,
}: {
  readonly file: ImportFile;
  readonly kinds: readonly SourceKind[];
}) {
  const names = controlNames(file.id);
  const [chosen, setChosen] = useState(file.kind ?? '');
  const kind = kinds.find((one) => one.kind === chosen);
  return (
    <article className="x-card op-filecard" aria-labelledby={`file-${file.id}`}>
      <header>
        <h3 id={`file-${file.id}`}>{file.name}</h3>
        <p className="x-muted">
          {[bytes(file.bytes), file.container === 'plain' ? null : file.container, file.encoding]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {file.kind === null ? (
          <StatusBadge tone="warning" label={m.operators_kind_unknown()} />
        ) : (
          <StatusBadge tone="success" label={m.operators_kind_known({ kind: sourceWord(file.kind).label })} />
        )}
      </header>
      {file.problem === null ? null : <Notice tone="warning">{pick(file.problem)}</Notice>}
      <div className="op-filecard__fields">
        <div className="x-field">
          <label htmlFor={names.kind}>{m.operators_kind()}</label>
          <p className="x-field__hint" id={`${names.kind}-hint`}>
            {m.operators_kind_hint()}
          </p>
          <select
            id={names.kind}
            name={names.kind}
            className="x-input x-input--select"
            aria-describedby={`${names.kind}-hint`}
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
          >
            <option value="">{m.operators_kind_skip()}</option>
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {pick(one.title)}
              </option>
            ))}
          </select>
        </div>
        {kind === undefined ? null : (
          <TextField
            name={names.date}
            type="date"
            label={m.operators_data_date()}
            hint={m.operators_data_date_hint()}
            defaultValue={file.dataDate ?? ''}
            width="short"
          />
        )}
      </div>
      {kind === undefined || file.headers.length === 0 ? null : (
        <details className="op-mapping" open={file.kind === null}>
          <summary>{m.operators_mapping({ count: kind.headers.length })}</summary>
          <div className="op-mapping__columns" key={kind.kind}>
            {kind.headers.map((header) => (
              <SelectField
                key={header.key}
                name={names.column(header.key)}
                label={header.name}
                required={header.required}
                defaultValue={proposedHeader(file, kind, header.key)}
                options={[
                  { value: '', label: m.operators_mapping_none() },
                  ...[...new Set(file.headers)].map((name) => ({ value: name, label: name })),
                ]}
              />
            ))}
          </div>
        </details>
      )}
      <Sample file={file} />
    </article>
  );
}

function Sample({ file }: { readonly file: ImportFile }) {
  if (file.headers.length === 0) return null;
  const label = m.operators_sample_of({ name: file.name });
  return (
    <div className="x-table__scroll op-sample" role="region" aria-label={label} tabIndex={0}>
      <table>
        <caption className="x-hidden">{label}</caption>
        <thead>
          <tr>
            {file.headers.map((header, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- a header may stand twice
              <th key={index} scope="col">
                {header === '' ? '—' : header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {file.sample.slice(0, ROWS).map((row, line) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows of a file have no other name
            <tr key={line}>
              {file.headers.map((_header, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- as above
                <td key={index}>{row[index] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
