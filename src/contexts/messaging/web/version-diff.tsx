import { m } from 'virtual:messages';
import { Diff, Section, useAnswer } from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { listed } from './listed.ts';
import { classWord, fieldTypeWord, policyWord } from './words.ts';

/** What a version changes against the newest approved one before it, or else the one before it. */
export function VersionDiff({ version }: { readonly version: Version }) {
  const { data } = useAnswer(routes.listVersions, {
    query: { templateId: version.templateId, limit: 200 },
  });
  const before = (data?.items ?? []).filter(({ number }) => number < version.number);
  const against = before.find(({ state }) => state === 'approved') ?? before[0];
  if (against === undefined) return null;
  return (
    <Section title={m.messaging_changes()} lead={m.messaging_changes_against({ number: against.number })}>
      <div className="x-card">
        <Diff
          caption={m.messaging_changes()}
          changes={[
            row(m.messaging_body(), against.body, version.body),
            row(m.messaging_fields(), fieldsOf(against), fieldsOf(version)),
            row(m.messaging_contact_end(), against.contactNumber, version.contactNumber),
            row(m.messaging_service_name(), against.serviceName, version.serviceName),
            row(m.messaging_class(), classWord(against.class).label, classWord(version.class).label),
            row(
              m.messaging_policy(),
              policyWord(against.outcomePolicy).label,
              policyWord(version.outcomePolicy).label,
            ),
            row(m.messaging_format_pack(), against.formatPack, version.formatPack),
          ]}
        />
      </div>
    </Section>
  );
}

const row = (label: string, before: string, after: string) => ({ label, before, after });

const fieldsOf = ({ fields }: Version): string =>
  listed(
    fields.map(
      ({ name, type, maxLength }) =>
        `${name} (${m.messaging_field_is({ type: fieldTypeWord(type).label, count: maxLength })})`,
    ),
  );
