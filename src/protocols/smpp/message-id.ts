/** Message ids as SMSCs write them: the same id may look different in the response and in the receipt. */

/**
 * How a link's ids in `submit_sm_resp` and in receipts belong together.
 *
 * - `as-is`: equal octets; `case-insensitive`: equal but for the case of letters.
 * - `decimal`: the same decimal number, leading zeros aside; `hex`: the same hexadecimal number.
 * - `hex-to-decimal`: hexadecimal in the response, decimal in the receipt; `decimal-to-hex`: the other way round.
 */
export const messageIdForms = [
  'as-is',
  'case-insensitive',
  'decimal',
  'hex',
  'hex-to-decimal',
  'decimal-to-hex',
] as const;

export type MessageIdForm = (typeof messageIdForms)[number];

/** Octets of the longest `message_id` that is kept: SMPP 3.4 (5.2.23) allows 64 and the end, some SMSCs send 65. */
export const LONGEST_MESSAGE_ID = 65;

/** The key under which both writings of an id meet; an id that is no number of its form stands for itself. */
export function messageKey(id: string, seenIn: 'response' | 'receipt', form: MessageIdForm): string {
  switch (form) {
    case 'as-is':
      return id;
    case 'case-insensitive':
      return id.toLowerCase();
    case 'decimal':
      return numberKey(id, 10);
    case 'hex':
      return numberKey(id, 16);
    case 'hex-to-decimal':
      return numberKey(id, seenIn === 'response' ? 16 : 10);
    case 'decimal-to-hex':
      return numberKey(id, seenIn === 'response' ? 10 : 16);
  }
}

const DECIMAL = /^\d+$/u;
const HEXADECIMAL = /^(?:0x)?([0-9a-f]+)$/iu;

function numberKey(id: string, radix: 10 | 16): string {
  if (radix === 10) {
    if (!DECIMAL.test(id)) return id;
    return id.length <= 15 ? `${Number(id)}` : `${BigInt(id)}`;
  }
  const digits = HEXADECIMAL.exec(id)?.[1];
  if (digits === undefined) return id;
  return digits.length <= 13 ? `${Number.parseInt(digits, 16)}` : `${BigInt(`0x${digits}`)}`;
}
