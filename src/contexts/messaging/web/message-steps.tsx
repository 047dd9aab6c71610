import { m } from 'virtual:messages';
import { Icon } from '#web/index';
import type { MessageRow } from '../accept/messages-contract.ts';
import { endings, messageStateWord } from './words.ts';

const way = ['waiting', 'sending', 'submitted'] as const;
const labels = [
  () => m.messaging_step_accepted(),
  () => m.messaging_step_sending(),
  () => m.messaging_step_submitted(),
];

/** The way of a text to the phone: what is behind it, where it is, what is to come. */
export function MessageSteps({ message }: { readonly message: MessageRow }) {
  const isEnded = endings.some((ending) => ending === message.state);
  const at = isEnded ? way.length : way.findIndex((step) => step === message.state);
  const steps = [
    ...labels.map((label) => label()),
    isEnded ? messageStateWord(message.state).label : m.messaging_step_result(),
  ];
  return (
    <ol className="ms-steps" aria-label={m.messaging_steps()}>
      {steps.map((step, index) => {
        const state = index < at || (isEnded && index === at) ? 'behind' : index === at ? 'here' : 'ahead';
        return (
          <li key={step} data-state={state} {...(state === 'here' && { 'aria-current': 'step' })}>
            <span className="ms-steps__mark" aria-hidden="true">
              <Icon name={state === 'behind' ? 'check' : state === 'here' ? 'refresh' : 'ring'} size={16} />
            </span>
            {step}
          </li>
        );
      })}
    </ol>
  );
}
