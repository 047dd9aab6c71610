/** What is known of the addresses of a text elsewhere, asked once for each. */
import { findAddresses } from './addresses.ts';
import { defineProblems, type TextProblem } from './text-problem.ts';

/** Says what is known of an address; the door's `AddressJudge`. */
export interface Judge {
  judge(address: URL): Promise<{ readonly bad: boolean; readonly reason: string | null }>;
}

const problem = defineProblems({
  address_known_bad: {
    level: 'refuse',
    zh: '情資顯示這個網址有害，不可發送。',
    en: 'threat intelligence knows this address as harmful; it cannot be sent.',
  },
});

/**
 * A review that asks the judge once for each distinct address, however many texts hold it: for the approval of a
 * template, or for a batch. Without a judge nothing is asked. A judge that fails refuses nothing but rejects the call.
 */
export function createAddressReview(judge: Judge | null): (text: string) => Promise<readonly TextProblem[]> {
  const asked = new Map<string, Promise<boolean>>();
  const isBad = (address: string): Promise<boolean> => {
    const known = asked.get(address);
    if (known !== undefined) return known;
    const asking = judge?.judge(new URL(address)).then(({ bad }) => bad) ?? Promise.resolve(false);
    asked.set(address, asking);
    return asking;
  };
  return async (text) => {
    if (judge === null) return [];
    const problems: TextProblem[] = [];
    for (const { text: written, start, end } of findAddresses(text)) {
      const address = /^https?:/iu.test(written) ? written : `https://${written}`;
      if (URL.canParse(address) && (await isBad(address)))
        problems.push(problem('address_known_bad', { start, end }));
    }
    return problems;
  };
}
