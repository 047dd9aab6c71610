import { useEffect, useRef, useState } from 'react';
import { m } from 'virtual:messages';
import { Form, Section, TextAreaField, TextField, Ubn } from '#web/index';
import type { MatchRow } from '../contract.ts';
import { ChoiceField } from './choice-field.tsx';
import { firmsOf, type Firm } from './match-firms.ts';
import { verdicts, verdictWord } from './words.ts';

export interface Verdict {
  readonly verdict: (typeof verdicts)[number];
  readonly ubn: string;
  readonly reason: string;
  /** Whether the next match is to be opened. */
  readonly goesOn: boolean;
}

/** What each verdict means, and the reason that stands there until another is typed. */
const texts = {
  same: { hint: () => m.operators_same_hint(), reason: () => m.operators_same_reason() },
  'not-same': { hint: () => m.operators_not_same_hint(), reason: () => m.operators_not_same_reason() },
  unsure: { hint: () => m.operators_unsure_hint(), reason: () => m.operators_unsure_reason() },
} as const;

const isVerdict = (text: string): text is Verdict['verdict'] => verdicts.some((one) => one === text);

/** Same, not the same, or unsure, with the reason. 1, 2, 3 choose; Enter sends. */
export function JudgeForm({
  match,
  onJudge,
}: {
  readonly match: MatchRow;
  readonly onJudge: (verdict: Verdict) => Promise<void>;
}) {
  const firms = firmsOf(match);
  const [verdict, setVerdict] = useState<Verdict['verdict']>('same');
  const [firm, setFirm] = useState(mostLikely(firms)?.ubn ?? '');
  const [isTyped, setTyped] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const chosen = verdicts[Number(event.key) - 1];
      if (chosen === undefined || isWriting(event)) return;
      event.preventDefault();
      setVerdict(chosen);
      // On a radio button Enter sends the form.
      box.current?.querySelector<HTMLInputElement>(`input[name="verdict"][value="${chosen}"]`)?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Section title={m.operators_judge_title()} lead={m.operators_judge_lead()}>
      <div ref={box}>
        <Form
          submitLabel={m.operators_judge_submit()}
          onSubmit={async (values, form) => {
            const { ubn: other = '', reason = '' } = values;
            await onJudge({
              verdict,
              ubn: other === '' ? firm : other.replaceAll(' ', ''),
              reason,
              goesOn: form.get('next') === 'yes',
            });
          }}
        >
          <ChoiceField
            name="verdict"
            legend={m.operators_judge_verdict()}
            chosen={verdict}
            onChoose={(value) => {
              if (isVerdict(value)) setVerdict(value);
            }}
            options={verdicts.map((one, index) => ({
              value: one,
              label: verdictWord(one).label,
              hint: texts[one].hint(),
              shortcut: String(index + 1),
            }))}
          />
          {firms.length < 2 ? null : (
            <ChoiceField
              name="firm"
              legend={m.operators_judge_firm()}
              chosen={firm}
              onChoose={setFirm}
              options={firms.map((one) => ({
                value: one.ubn,
                label: (
                  <>
                    {one.name} <Ubn value={one.ubn} />
                  </>
                ),
                hint: one.address ?? undefined,
              }))}
            />
          )}
          <TextField
            name="ubn"
            label={m.operators_judge_other()}
            hint={m.operators_judge_other_hint()}
            inputMode="numeric"
            maxLength={9}
            width="short"
            required={firms.length === 0}
          />
          <div onInput={() => setTyped(true)} className="op-contents">
            <TextAreaField
              key={isTyped ? 'typed' : verdict}
              name="reason"
              label={m.confirm_reason()}
              hint={m.confirm_reason_hint()}
              defaultValue={texts[verdict].reason()}
              rows={2}
              maxLength={1000}
              required
            />
          </div>
          <label className="x-check">
            <input type="checkbox" name="next" value="yes" defaultChecked />
            <span>{m.operators_judge_next()}</span>
          </label>
        </Form>
      </div>
    </Section>
  );
}

/** The firm that is proposed: of a number that disagrees, rather the one that bears the name. */
function mostLikely(firms: readonly Firm[]): Firm | undefined {
  return [...firms].sort((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
}

/** True where digits are meant for a field, the browser or an input method. */
function isWriting(event: KeyboardEvent): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'radio' && target.type !== 'checkbox';
  return (
    target.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('[role="dialog"]') !== null
  );
}
