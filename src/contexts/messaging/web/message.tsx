import './messaging.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  ButtonLink,
  ErrorState,
  Instant,
  Loading,
  Notice,
  PageHeader,
  StatusBadge,
  SummaryList,
  useAnswer,
  useMay,
  usePathValue,
} from '#web/index';
import type { MessageRow } from '../accept/messages-contract.ts';
import { routes } from '../contract.ts';
import { MessageSteps } from './message-steps.tsx';
import { useServiceNames } from './service-names.ts';
import { causeWord, classWord, endings, messageStateWord, stateSentence, telecomWord } from './words.ts';

/** Until a text has its end its state is asked for this often. */
const FOLLOW_MS = 1000;

const isUnderWay = (row: MessageRow | undefined): boolean =>
  row !== undefined && !endings.some((ending) => ending === row.state);

/** One text: where it is, what that means, and what is known of it. Number and words are not shown again. */
export default function MessagePage() {
  const id = usePathValue('id');
  const first = useAnswer(routes.getMessage, { params: { id } });
  const followed = useAnswer(
    routes.getMessage,
    { params: { id } },
    { refetchMs: isUnderWay(first.data) ? FOLLOW_MS : false },
  );
  const maySend = useMay('messaging.send-team');
  const back = { label: m.messaging_page_messages(), to: '/messaging/messages' };
  const { data } = followed;
  if (data === undefined) {
    return (
      <div className="x-page x-page--narrow">
        <PageHeader title={m.messaging_page_message()} back={back} />
        {followed.error === null ? (
          <Loading />
        ) : (
          <ErrorState error={followed.error} retry={() => void followed.refetch()} />
        )}
      </div>
    );
  }
  const word = messageStateWord(data.state);
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.messaging_page_message()}
        back={back}
        lead={
          <>
            <StatusBadge tone={word.tone} label={word.label} /> <code className="x-code">{data.id}</code>
          </>
        }
        actions={
          maySend ? (
            <ButtonLink to="/messaging/messages/new" search={{ version: data.templateVersionId }}>
              {m.messaging_send_another()}
            </ButtonLink>
          ) : null
        }
      />
      <MessageSteps message={data} />
      <Notice
        tone={word.tone === 'neutral' || word.tone === 'accent' ? 'info' : word.tone}
        title={word.label}
      >
        <p>{stateSentence(data.state).label}</p>
        {data.cause === null ? null : <p>{m.messaging_cause_is({ cause: causeWord(data.cause) })}</p>}
      </Notice>
      <Facts message={data} />
    </div>
  );
}

function Facts({ message }: { readonly message: MessageRow }) {
  const services = useServiceNames();
  return (
    <div className="x-card x-card--padded">
      <SummaryList
        items={[
          { label: m.messaging_service(), value: services.nameOf(message.serviceId) },
          {
            label: m.messaging_version(),
            value: (
              <AppLink to="/messaging/versions/$id" params={{ id: message.templateVersionId }}>
                {message.templateVersionId}
              </AppLink>
            ),
          },
          { label: m.messaging_telecom(), value: telecomWord(message.telecom).label },
          { label: m.messaging_class(), value: classWord(message.class).label },
          { label: m.messaging_accepted_at(), value: <Instant at={message.acceptedAt} ago /> },
          { label: m.messaging_send_at(), value: <Instant at={message.sendAt} ago /> },
          {
            label: m.messaging_ended_at(),
            value: message.endedAt === null ? m.messaging_not_yet() : <Instant at={message.endedAt} ago />,
          },
        ]}
      />
    </div>
  );
}
