import { useState } from 'react';
import { authRoutes } from '#platform/auth/contract';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { Form, SelectField } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { SummaryList } from '../components/summary-list.tsx';
import { FoundPage } from './found-page.tsx';
import { NewSecret } from './new-secret.tsx';

const overlaps = [0, 1, 24, 72, 168];

/** A new secret with the same rights; the old one works on for a while. */
export default function KeyRotatePage() {
  const act = useAct();
  const [made, setMade] = useState<AnswerOf<typeof authRoutes.rotateKey> | null>(null);
  const back = { label: m.page_keys(), to: '/developer/keys' };
  if (made !== null) return <NewSecret secret={made.secret} name={made.name} />;
  return (
    <FoundPage route={authRoutes.listKeys} title={m.page_key_rotate()} back={back}>
      {(key) => (
        <div className="x-page x-page--narrow">
          <PageHeader title={m.key_rotate_of({ name: key.name })} lead={m.key_rotate_lead()} back={back} />
          <SummaryList
            items={[
              { label: m.field_name(), value: key.name },
              { label: m.key_prefix(), value: <code className="x-code">{key.visiblePrefix}…</code> },
            ]}
          />
          <Form
            submitLabel={m.key_rotate()}
            aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
            onSubmit={async (values) =>
              setMade(
                await act(authRoutes.rotateKey, {
                  params: { id: key.id },
                  body: { overlapHours: Number(values['overlapHours'] ?? 24) },
                }),
              )
            }
          >
            <SelectField
              name="overlapHours"
              label={m.key_overlap()}
              hint={m.key_overlap_hint()}
              required
              defaultValue="24"
              options={overlaps.map((hours) => ({ value: String(hours), label: m.hours({ count: hours }) }))}
            />
          </Form>
        </div>
      )}
    </FoundPage>
  );
}
