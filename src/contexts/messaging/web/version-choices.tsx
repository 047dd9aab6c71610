import { m } from 'virtual:messages';
import { SelectField } from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { classes, classWord, optionsOf, policies, policyWord } from './words.ts';

/** In which lane the texts go, and what happens where an outcome is unknown. */
export function VersionChoices({ earlier }: { readonly earlier: Version | undefined }) {
  return (
    <div className="ms-pair">
      <SelectField
        name="class"
        label={m.messaging_class()}
        hint={m.messaging_class_hint()}
        required
        options={optionsOf(classes, classWord)}
        defaultValue={earlier?.class ?? 'batch'}
      />
      <SelectField
        name="outcomePolicy"
        label={m.messaging_policy()}
        hint={m.messaging_policy_hint()}
        required
        options={optionsOf(policies, policyWord)}
        defaultValue={earlier?.outcomePolicy ?? 'once'}
      />
    </div>
  );
}
