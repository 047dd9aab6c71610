import { Button } from '@mantine/core';
import { useState } from 'react';
import { m } from 'virtual:messages';
import { call, Form, Notice, problemText, Section, TextAreaField, useAct } from '#web/index';
import type { Service } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { linesOf } from './service-fields.tsx';

/** The numbers that a service on trial reaches. Looking at them is recorded, so they show only when asked for. */
export function TeamNumbers({ service }: { readonly service: Service }) {
  const [shown, setShown] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const act = useAct();
  const show = async (): Promise<void> => {
    setProblem(null);
    try {
      setShown((await call(routes.listTeamNumbers, { params: { id: service.id } })).items);
    } catch (error) {
      setProblem(problemText(error as Error));
    }
  };
  return (
    <Section title={m.messaging_team_numbers()} lead={m.messaging_team_lead()}>
      <div className="x-card x-card--padded x-stack x-stack--tight">
        <div className="x-row">
          <span>{m.messaging_team_count({ count: service.teamNumbers })}</span>
          {service.teamNumbers > 0 && shown === null ? (
            <Button variant="default" onClick={() => void show()}>
              {m.messaging_team_show()}
            </Button>
          ) : null}
        </div>
        {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
        {shown === null ? null : (
          <ul className="ms-plain x-numbers" aria-label={m.messaging_team_numbers()}>
            {shown.map((number, index) => (
              <li key={`${index}-${number}`}>{number}</li>
            ))}
          </ul>
        )}
        <details className="ms-more">
          <summary>{m.messaging_team_change()}</summary>
          {saved ? <Notice tone="success">{m.messaging_saved()}</Notice> : null}
          <Form
            submitLabel={m.messaging_save()}
            onSubmit={async (values) => {
              await act(routes.setTeamNumbers, {
                params: { id: service.id },
                body: { numbers: linesOf(values['numbers']) },
              });
              setShown(null);
              setSaved(true);
            }}
          >
            <TextAreaField
              name="numbers"
              label={m.messaging_team_all()}
              hint={m.messaging_team_hint()}
              rows={5}
            />
          </Form>
        </details>
      </div>
    </Section>
  );
}
