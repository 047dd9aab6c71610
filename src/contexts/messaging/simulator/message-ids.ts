/** Message ids of a simulated telecom, in the writings by which real ones confuse their clients. */
import type { IdWriting } from './dials.ts';

const ZEROS = 20;

/** The id as the response writes it. */
export function idInResponse(id: number, writing: IdWriting): string {
  switch (writing) {
    case 'decimal':
    case 'decimal-to-hex':
      return `${id}`;
    case 'leading-zeros':
      return `${id}`.padStart(ZEROS, '0');
    case 'hex-to-decimal':
    case 'letter-case':
      return id.toString(16);
  }
}

/** The same id as the receipt writes it. */
export function idInReceipt(id: number, writing: IdWriting): string {
  if (writing === 'decimal-to-hex' || writing === 'letter-case') return id.toString(16).toUpperCase();
  return `${id}`;
}
