/** A group of which some may be refused: nobody's refusal is another's, and none costs the others their time. */
import { AppError } from '#platform/errors';
import type { ReadyMessage, Written } from './write-messages.ts';

/** Why one message of a group was not written; the others were. */
export interface Refused {
  readonly refused: AppError;
}

export interface GroupWriter {
  /** All or none, in one transaction. */
  readonly write: (group: readonly ReadyMessage[]) => Promise<readonly Written[]>;
  /** Which have a key that was used before: those are answered from storage, whatever is left of a quota. */
  readonly areKnown: (group: readonly ReadyMessage[]) => Promise<readonly boolean[]>;
}

/** What is refused for these is refused for every message of the agency with as many parts. */
const OF_THE_AGENCY: ReadonlySet<string> = new Set(['messaging.quota_exceeded', 'messaging.quota_not_set']);

/**
 * A refusal (the quota of an agency is used up) undoes the group, which is then written agency by agency, halved where it
 * is refused again. What is beyond a quota is refused without a try of its own: a thousand such texts cost the others of
 * the queue ten transactions, not a thousand.
 */
export async function writeOrRefuse(
  { write, areKnown }: GroupWriter,
  group: readonly ReadyMessage[],
): Promise<readonly (Written | Refused)[]> {
  try {
    return await write(group);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (group.length === 1) return [{ refused: error }];
  }
  const results: (Written | Refused)[] = Array.from({ length: group.length });
  const at = (place: number): ReadyMessage => group[place] as ReadyMessage;
  const byAgency = Map.groupBy(group.keys(), (place) => {
    const { organisation, space } = at(place).caller;
    return `${organisation.id} ${space}`;
  });
  for (const places of byAgency.values()) await writeOwn(places);
  return results;

  async function writeOwn(own: readonly number[]): Promise<void> {
    const known = await areKnown(own.map((place) => at(place)));
    const free = new Set(own.filter((_, index) => known[index] === true));
    let refusal: { readonly error: AppError; readonly parts: number } | null = null;
    // The next to try is the last.
    const rest = [own];
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      const open: number[] = [];
      for (const place of next) {
        if (refusal !== null && !free.has(place) && at(place).parts >= refusal.parts)
          results[place] = { refused: refusal.error };
        else open.push(place);
      }
      if (open.length === 0) continue;
      try {
        const written = await write(open.map((place) => at(place)));
        open.forEach((place, index) => {
          results[place] = written[index] as Written;
        });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (open.length === 1) {
          const [place] = open as [number];
          results[place] = { refused: error };
          if (OF_THE_AGENCY.has(error.code)) refusal = { error, parts: at(place).parts };
        } else {
          const half = Math.ceil(open.length / 2);
          rest.push(open.slice(half), open.slice(0, half));
        }
      }
    }
  }
}
