import './messaging.css';
import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  Form,
  Notice,
  PageHeader,
  Section,
  StatusBadge,
  SummaryList,
  TextField,
  useAct,
  useAnswer,
  usePathValue,
} from '#web/index';
import { routes } from '../contract.ts';
import { LinkActs } from './link-acts.tsx';
import { Binds } from './links.tsx';
import { WaitingPage } from './waiting-page.tsx';
import { linkStateWord, telecomWord } from './words.ts';

const REFRESH_MS = 1000;

/** One link: its binds, what was contracted, and a new password or rate. */
export default function LinkPage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getLink, { params: { id } }, { refetchMs: REFRESH_MS });
  const act = useAct();
  const [saved, setSaved] = useState(false);
  const back = { label: m.messaging_page_links(), to: '/messaging/links' };
  const link = answer.data;
  if (link === undefined) return <WaitingPage title={m.messaging_link()} back={back} answer={answer} />;
  return (
    <div className="x-page">
      <PageHeader
        title={link.name}
        back={back}
        lead={<StatusBadge {...linkStateWord(link.state)} />}
        actions={<LinkActs link={link} />}
      />
      <div className="x-card">
        <Binds link={link} />
      </div>
      <div className="x-card x-card--padded">
        <SummaryList
          items={[
            { label: m.messaging_telecom(), value: telecomWord(link.telecom).label },
            {
              label: m.messaging_smpp_host(),
              value: (
                <code className="x-code">
                  {link.host}:{link.port}
                </code>
              ),
            },
            { label: 'TLS', value: link.tls ? m.messaging_yes() : m.messaging_no() },
            { label: 'system_id', value: <code className="x-code">{link.systemId}</code> },
            { label: m.messaging_smpp_bind(), value: `${link.bindMode} × ${link.binds}` },
            {
              label: m.messaging_link_source(),
              value: <code className="x-code">{link.options.sourceAddress}</code>,
            },
          ]}
        />
      </div>
      <Section title={m.messaging_link_change()} lead={m.messaging_link_change_lead()}>
        <div className="x-card x-card--padded x-stack x-stack--tight">
          {saved ? <Notice tone="success">{m.messaging_saved()}</Notice> : null}
          <Form
            submitLabel={m.messaging_save()}
            onSubmit={async (values) => {
              setSaved(false);
              const password = values['password'] ?? '';
              await act(routes.changeLink, {
                params: { id },
                body: {
                  partsPerSecond: Number(values['partsPerSecond']),
                  windowSize: Number(values['windowSize']),
                  ...(password !== '' && { password }),
                },
              });
              setSaved(true);
            }}
          >
            <TextField
              name="partsPerSecond"
              label={m.messaging_link_contract()}
              inputMode="numeric"
              width="short"
              required
              defaultValue={String(link.partsPerSecond)}
            />
            <TextField
              name="windowSize"
              label={m.messaging_link_window_size()}
              inputMode="numeric"
              width="short"
              required
              defaultValue={String(link.windowSize)}
            />
            <TextField
              name="password"
              type="password"
              label={m.messaging_link_password()}
              hint={m.messaging_link_password_hint()}
              autoComplete="new-password"
              width="short"
              maxLength={8}
            />
          </Form>
        </div>
      </Section>
    </div>
  );
}
