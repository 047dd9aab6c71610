/** A message as `submit_sm`. */
import { messageFields, segment, type PduInput, type PlainText } from '#protocols/smpp';
import { digestOf, type CheckKey } from '../check/digest.ts';
import type { ChunkRun, Compose, Composed, Message } from './chunk-run.ts';
import type { LinkOptions } from './link-options.ts';

const NOTHING: Composed = { parts: [], digest: '0' };
/** Destinations whose last reference is remembered. */
const MOST_REFERENCES = 50_000;

/** Composes rows for a link; one that can't be composed has no parts. */
export function composerFor(options: LinkOptions, keyOf: () => CheckKey): Compose {
  const plain: PlainText = { alphabet: options.plainAlphabet, dataCoding: options.plainCoding };
  const nextReference = references();
  return (run, row) => {
    const { columns, texts } = run;
    const number = run.content.numbers[row] as string;
    try {
      const text = texts.compose(number, (field) => columns[field]?.[row] ?? '');
      const segments = segment(text, { reference: options.referenceBits, plain: options.plainAlphabet });
      const reference = segments.parts.length === 1 ? 0 : nextReference(number);
      return {
        parts: messageFields(segments, { carrier: options.carrier, reference, plain }),
        digest: String(digestOf(number.slice(-3), text, keyOf())),
      };
    } catch {
      return NOTHING;
    }
  };
}

/** Counts up for each destination: two long texts to one phone have different references until all were used. */
function references(): (number: string) => number {
  const last = new Map<string, number>();
  let start = Math.floor(Math.random() * 0xffff);
  return (number) => {
    const reference = last.has(number) ? (last.get(number) as number) + 1 : ++start;
    last.delete(number);
    last.set(number, reference);
    if (last.size > MOST_REFERENCES) {
      for (const oldest of last.keys()) {
        last.delete(oldest);
        break;
      }
    }
    return reference & 0xffff;
  };
}

/** The 16 bits by which a row is named to the telecom, and recognised where only they came back. */
export const userReference = (chunkId: number, row: number): number => (chunkId * 1021 + row) & 0xffff;

/** Makes the PDUs of parts; `validity` is a relative time of SMPP 3.4, 7.1.1. */
export function submitFields(
  message: Message,
  part: number,
  validity: string,
  options: LinkOptions,
): PduInput<'submit_sm'> {
  const fields = message.fields[part]!;
  return {
    command: 'submit_sm',
    sourceAddrTon: options.sourceTon,
    sourceAddrNpi: options.sourceNpi,
    sourceAddr: options.sourceAddress,
    destAddrTon: 1,
    destAddrNpi: 1,
    destinationAddr: `886${message.number}`,
    esmClass: fields.esmClass,
    dataCoding: fields.dataCoding,
    shortMessage: fields.shortMessage,
    registeredDelivery: 1,
    validityPeriod: validity,
    tlvs: options.userReference
      ? { ...fields.tlvs, userMessageReference: userReference(message.run.chunkId, message.row) }
      : fields.tlvs,
  };
}

/** What is left of a chunk's time, `000003041530000R` for 3 days, 4:15:30; at most 28 days, which no telecom exceeds. */
export function validityOf(run: ChunkRun, now: number): string {
  const seconds = Math.max(1, Math.min(28 * 86_400, Math.floor((run.validUntil - now) / 1000)));
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const rest = seconds % 86_400;
  return `0000${two(days)}${two(Math.floor(rest / 3600))}${two(Math.floor((rest % 3600) / 60))}${two(rest % 60)}000R`;
}
