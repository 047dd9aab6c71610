import { useState } from 'react';
import { m } from 'virtual:messages';
import { pick } from '../client/language.ts';
import { roleLabel } from '../components/roles.ts';
import { signInWithPassword } from '../client/sign-in.ts';
import { useSignInOptions, type SignInOptions } from '../client/sign-in-options.ts';
import { Icon } from '../components/icon.tsx';
import { Notice, problemText } from '../components/states.tsx';

type SandboxPerson = NonNullable<SignInOptions['sandbox']>[number];

/** In a sandbox: one press signs in as an invented person, so that every role can be tried. Nothing in live mode. */
export function SandboxRoles({ onEntered }: { readonly onEntered: () => Promise<void> }) {
  const people = useSignInOptions()?.sandbox ?? null;
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (people === null || people.length === 0) return null;
  const enterAs = async (person: SandboxPerson): Promise<void> => {
    setBusy(person.email);
    setProblem(null);
    try {
      await signInWithPassword(person.email, person.password);
      await onEntered();
    } catch (error) {
      setProblem(problemText(error as Error));
      setBusy(null);
    }
  };
  return (
    <section className="x-roles" aria-labelledby="roles-title">
      <h2 id="roles-title">
        <span className="x-roles__band">{m.sandbox_label()}</span>
        {m.sandbox_roles_title()}
      </h2>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <ul>
        {people.map((person) => (
          <li key={person.email}>
            <button
              data-seat={person.name}
              type="button"
              disabled={busy !== null}
              aria-busy={busy === person.email}
              onClick={() => void enterAs(person)}
            >
              <span className="x-initial" aria-hidden="true">
                {pick(person.organisation)
                  .replace(/^Sandbox /, '')
                  .slice(0, 1)}
              </span>
              <span className="x-roles__who">
                <strong>{person.roles.map(roleLabel).join(m.list_separator())}</strong>
                <span>{pick(person.organisation)}</span>
              </span>
              <Icon name="next" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <p className="x-divider">{m.sandbox_roles_or()}</p>
    </section>
  );
}
