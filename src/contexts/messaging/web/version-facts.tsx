import { m } from 'virtual:messages';
import { CopyButton, Instant, SummaryList } from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { classWord, fieldTypeWord, policyWord } from './words.ts';

/** Everything that decides the text of a version, and who did what with it. */
export function VersionFacts({ version }: { readonly version: Version }) {
  return (
    <div className="x-card x-card--padded">
      <SummaryList
        items={[
          { label: m.messaging_service_name(), value: version.serviceName },
          { label: m.messaging_body(), value: <p className="ms-text">{version.body}</p> },
          { label: m.messaging_fields(), value: <FieldList version={version} /> },
          {
            label: m.messaging_contact_end(),
            value: <span className="x-numbers">{version.contactNumber}</span>,
          },
          { label: m.messaging_class(), value: classWord(version.class).label },
          { label: m.messaging_policy(), value: policyWord(version.outcomePolicy).label },
          { label: m.messaging_format_pack(), value: version.formatPack },
          {
            label: m.messaging_hash(),
            value: <code className="x-code ms-digest">{version.contentHash}</code>,
            action: <CopyButton text={version.contentHash} />,
          },
          ...acts(version),
          ...(version.decisionReason === null
            ? []
            : [{ label: m.confirm_reason(), value: version.decisionReason }]),
        ]}
      />
    </div>
  );
}

function acts(version: Version) {
  const all = [
    [m.messaging_created_at(), version.createdAt, version.createdBy],
    [m.messaging_submitted_at(), version.submittedAt, version.submittedBy],
    [m.messaging_decided_at(), version.decidedAt, version.decidedBy],
    [m.messaging_ministry_decided_at(), version.ministryDecidedAt, null],
    [m.messaging_withdrawn_at(), version.withdrawnAt, null],
  ] as const;
  return all.flatMap(([label, at, by]) =>
    at === null
      ? []
      : [
          {
            label,
            value: (
              <span>
                <Instant at={at} />
                {by === null ? null : <small className="ms-sub x-code">{by}</small>}
              </span>
            ),
          },
        ],
  );
}

function FieldList({ version }: { readonly version: Version }) {
  if (version.fields.length === 0) return <span className="x-muted">{m.messaging_fields_none()}</span>;
  return (
    <ul className="ms-plain">
      {version.fields.map(({ name, type, maxLength }) => (
        <li key={name}>
          <strong>{name}</strong>{' '}
          <span className="x-muted">
            {m.messaging_field_is({ type: fieldTypeWord(type).label, count: maxLength })}
          </span>
        </li>
      ))}
    </ul>
  );
}
