import './messaging.css';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  Notice,
  PageHeader,
  problemText,
  Section,
  StatusBadge,
  useAct,
  useAnswer,
  useMay,
  usePathValue,
  useSignedIn,
} from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { DecisionForm } from './decision-form.tsx';
import { PreviewPhone } from './preview-phone.tsx';
import { usePreview } from './use-preview.ts';
import { VersionDiff } from './version-diff.tsx';
import { VersionFacts } from './version-facts.tsx';
import { WaitingPage } from './waiting-page.tsx';
import { versionStateWord } from './words.ts';

/** One version: the text on a phone, what it changes, what is hashed, and what can be done with it. */
export default function VersionPage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getVersion, { params: { id } });
  const template = useAnswer(
    routes.getTemplate,
    { params: { id: answer.data?.templateId ?? '' } },
    { enabled: answer.data !== undefined },
  );
  const { data: preview } = usePreview(answer.data === undefined ? null : { versionId: id });
  const version = answer.data;
  const back = {
    label: template.data?.name ?? m.messaging_page_templates(),
    to: version === undefined ? '/messaging/templates' : `/messaging/templates/${version.templateId}`,
  };
  if (version === undefined) return <WaitingPage title={m.messaging_version()} back={back} answer={answer} />;
  return (
    <div className="x-page">
      <PageHeader
        title={m.messaging_version_title({
          name: template.data?.name ?? m.messaging_version(),
          number: version.number,
        })}
        back={back}
        lead={<StatusBadge {...versionStateWord(version.state)} />}
        actions={<Acts version={version} />}
      />
      <div className="ms-beside">
        <div className="x-stack">
          <NextStep version={version} />
          <VersionFacts version={version} />
          <VersionDiff version={version} />
        </div>
        <aside className="ms-beside__phone" aria-label={m.messaging_preview_label()}>
          <PreviewPhone preview={preview} body={version.body} />
        </aside>
      </div>
    </div>
  );
}

function Acts({ version }: { readonly version: Version }) {
  const mayWrite = useMay('messaging.templates');
  const maySend = useMay('messaging.send');
  const maySendOne = useMay('messaging.send-team');
  const isApproved = version.state === 'approved';
  const isOpen = isApproved || version.state === 'submitted' || version.state === 'with-ministry';
  return (
    <>
      {mayWrite && isOpen ? (
        <ButtonLink to="/messaging/versions/$id/withdraw" params={{ id: version.id }}>
          {m.messaging_withdraw()}
        </ButtonLink>
      ) : null}
      {mayWrite ? (
        <ButtonLink
          to="/messaging/templates/$id/write"
          params={{ id: version.templateId }}
          search={{ from: version.id }}
        >
          {m.messaging_write_from()}
        </ButtonLink>
      ) : null}
      {maySendOne && isApproved && version.class !== 'batch' ? (
        <ButtonLink to="/messaging/messages/new" search={{ version: version.id }}>
          {m.messaging_send_one()}
        </ButtonLink>
      ) : null}
      {maySend && isApproved && version.class === 'batch' ? (
        <ButtonLink to="/messaging/batches/new" search={{ version: version.id }} kind="primary">
          {m.messaging_send_batch()}
        </ButtonLink>
      ) : null}
    </>
  );
}

/** What has to happen next with the version, done here where the person may. */
function NextStep({ version }: { readonly version: Version }) {
  const viewer = useSignedIn();
  const mayWrite = useMay('messaging.templates');
  const mayApprove = useMay('messaging.approve');
  const act = useAct();
  const params = { id: version.id };
  switch (version.state) {
    case 'draft':
      return mayWrite ? <Submit id={version.id} /> : <Notice>{m.messaging_draft_waits()}</Notice>;
    case 'submitted': {
      const isOwn = [version.createdBy, version.submittedBy].includes(viewer.person?.id ?? '');
      if (!mayApprove || isOwn)
        return (
          <Notice title={m.messaging_waits_title()}>
            {isOwn ? m.messaging_waits_own() : m.messaging_waits_text()}
          </Notice>
        );
      return (
        <Section title={m.messaging_decide()} lead={m.messaging_decide_lead()}>
          <DecisionForm
            onDecide={async (body) => {
              await act(routes.decideVersion, { params, body });
            }}
          />
        </Section>
      );
    }
    case 'with-ministry':
      return (
        <Notice title={versionStateWord(version.state).label}>{m.messaging_with_ministry_text()}</Notice>
      );
    case 'rejected':
      return (
        <Notice tone="warning" title={m.messaging_rejected_title()}>
          {version.decisionReason ?? m.messaging_rejected_text()}
        </Notice>
      );
    case 'withdrawn':
      return <Notice tone="warning">{m.messaging_withdrawn_text()}</Notice>;
    case 'approved':
      return (
        <Notice tone="success" title={m.messaging_approved_title()}>
          {m.messaging_approved_text()}
        </Notice>
      );
  }
}

function Submit({ id }: { readonly id: string }) {
  const act = useAct();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await act(routes.submitVersion, { params: { id } });
    } catch (error) {
      setProblem(problemText(error as Error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="x-card x-card--padded x-stack x-stack--tight">
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <p className="ms-lead">{m.messaging_submit_text()}</p>
      <div className="x-row">
        <Button loading={busy} onClick={() => void submit()}>
          {m.messaging_submit()}
        </Button>
      </div>
    </div>
  );
}
