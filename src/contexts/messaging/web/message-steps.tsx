import { m } from 'virtual:messages';
import type { MessageRow } from '../accept/messages-contract.ts';
import { StepList } from './step-list.tsx';
import { endings, messageStateWord } from './words.ts';

const way = ['waiting', 'sending', 'submitted'] as const;

/** The way of a text to the phone: what is behind it, where it is, what is to come. */
export function MessageSteps({ message }: { readonly message: MessageRow }) {
  const isEnded = endings.some((ending) => ending === message.state);
  return (
    <StepList
      label={m.messaging_steps()}
      at={isEnded ? way.length + 1 : way.findIndex((step) => step === message.state)}
      steps={[
        m.messaging_step_accepted(),
        m.messaging_step_sending(),
        m.messaging_step_submitted(),
        isEnded ? messageStateWord(message.state).label : m.messaging_step_result(),
      ]}
    />
  );
}
