import { Button } from '@mantine/core';
import { useState } from 'react';
import { m } from 'virtual:messages';
import { Field, Notice, problemText } from '#web/index';

/** Approve, or send back with a reason. */
export function DecisionForm({
  onDecide,
}: {
  readonly onDecide: (decision: { approve: boolean; reason?: string }) => Promise<void>;
}) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState<'approve' | 'reject' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const decide = async (approve: boolean): Promise<void> => {
    if (!approve && reason.trim().length < 2) {
      setProblem(m.messaging_reason_needed());
      return;
    }
    setProblem(null);
    setBusy(approve ? 'approve' : 'reject');
    try {
      await onDecide({ approve, ...(reason.trim() !== '' && { reason: reason.trim() }) });
    } catch (error) {
      setProblem(problemText(error as Error));
      setBusy(null);
    }
  };
  return (
    <div className="x-card x-card--padded x-stack x-stack--tight">
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <Field name="reason" label={m.confirm_reason()} hint={m.messaging_decision_hint()}>
        {(wiring) => (
          <textarea
            {...wiring}
            className="x-input"
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="x-row">
        <Button loading={busy === 'approve'} disabled={busy === 'reject'} onClick={() => void decide(true)}>
          {m.messaging_approve()}
        </Button>
        <Button
          variant="default"
          loading={busy === 'reject'}
          disabled={busy === 'approve'}
          onClick={() => void decide(false)}
        >
          {m.messaging_reject()}
        </Button>
      </div>
    </div>
  );
}
