import { useId } from 'react';
import { m } from 'virtual:messages';
import { useAnswer } from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';

/** One of the approved versions, by service and template. */
export function VersionSelect({
  versions,
  value,
  onChoose,
}: {
  readonly versions: readonly Version[];
  readonly value: string;
  readonly onChoose: (id: string) => void;
}) {
  const id = useId();
  const { data } = useAnswer(routes.listTemplates, { query: { limit: 200 } });
  const names = new Map((data?.items ?? []).map((template) => [template.id, template.name]));
  return (
    <div className="x-field ms-choose">
      <label htmlFor={id}>{m.messaging_choose_version()}</label>
      <select
        id={id}
        className="x-input x-input--select"
        value={value}
        onChange={(event) => onChoose(event.target.value)}
      >
        {versions.map((version) => (
          <option key={version.id} value={version.id}>
            {m.messaging_version_option({
              service: version.serviceName,
              name: names.get(version.templateId) ?? version.templateId,
              number: version.number,
            })}
          </option>
        ))}
      </select>
    </div>
  );
}
