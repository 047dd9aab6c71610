import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  CodeBlock,
  EmptyState,
  Form,
  Loading,
  Notice,
  PageHeader,
  Section,
  SummaryList,
  TextAreaField,
  TextField,
  useAct,
  useAnswer,
} from '#web/index';
import type { AnswerOf } from '#platform/http/contract';
import { routes } from '../contract.ts';
import { linesOf } from './service-fields.tsx';
import { connection } from './smpp.tsx';
import { VersionSelect } from './version-select.tsx';

type Made = AnswerOf<typeof routes.createSmppAccount>;

/** A new SMPP account: what its texts fill, from where it binds, how fast. Its password is shown once. */
export default function SmppNewPage() {
  const { data } = useAnswer(routes.listVersions, { query: { state: 'approved', limit: 200 } });
  const [chosen, setChosen] = useState<string | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const act = useAct();
  if (made !== null) return <NewAccount made={made} />;
  const back = { label: m.messaging_page_smpp(), to: '/messaging/smpp' };
  const versions = (data?.items ?? []).filter(
    ({ fields }) => fields.length === 1 && fields[0]?.type === 'text',
  );
  const version = versions.find(({ id }) => id === chosen) ?? versions[0];
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.messaging_page_smpp_new()} lead={m.messaging_smpp_new_lead()} back={back} />
      {data === undefined ? (
        <Loading />
      ) : version === undefined ? (
        <div className="x-card">
          <EmptyState
            icon="text"
            title={m.messaging_smpp_no_version()}
            action={<ButtonLink to="/messaging/templates">{m.messaging_page_templates()}</ButtonLink>}
          >
            {m.messaging_smpp_no_version_text()}
          </EmptyState>
        </div>
      ) : (
        <>
          <VersionSelect versions={versions} value={version.id} onChoose={setChosen} />
          <Form
            submitLabel={m.messaging_smpp_make()}
            aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
            onSubmit={async (values) => {
              setMade(
                await act(routes.createSmppAccount, {
                  body: {
                    templateVersionId: version.id,
                    networks: linesOf(values['networks']),
                    maxBinds: Number(values['maxBinds']),
                    partsPerSecond: Number(values['partsPerSecond']),
                  },
                }),
              );
            }}
          >
            <TextAreaField
              name="networks"
              label={m.messaging_smpp_networks()}
              hint={m.messaging_smpp_networks_hint()}
              rows={3}
              required
            />
            <div className="ms-pair">
              <TextField
                name="maxBinds"
                label={m.messaging_smpp_binds()}
                hint={m.messaging_smpp_binds_hint()}
                inputMode="numeric"
                width="short"
                required
                defaultValue="2"
              />
              <TextField
                name="partsPerSecond"
                label={m.messaging_smpp_rate()}
                hint={m.messaging_smpp_rate_hint()}
                inputMode="numeric"
                width="short"
                required
                defaultValue="100"
              />
            </div>
          </Form>
        </>
      )}
    </div>
  );
}

/** The account at the one moment when its password can be seen. */
function NewAccount({ made }: { readonly made: Made }) {
  const { data } = useAnswer(routes.listSmppAccounts, {});
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.messaging_smpp_made()}
        back={{ label: m.messaging_page_smpp(), to: '/messaging/smpp' }}
      />
      <Notice tone="warning" title={m.messaging_smpp_once()}>
        {m.messaging_smpp_once_text()}
      </Notice>
      <CodeBlock label="system_id" text={made.account.systemId} />
      <CodeBlock label="password" text={made.password} />
      <Section title={m.messaging_smpp_connect()}>
        <div className="x-card x-card--padded">
          <SummaryList items={connection(data?.server ?? { port: null, tls: false })} />
        </div>
      </Section>
      <p>
        <ButtonLink to="/messaging/smpp" kind="primary">
          {m.messaging_smpp_kept()}
        </ButtonLink>
      </p>
    </div>
  );
}
