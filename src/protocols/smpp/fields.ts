import { statuses } from './statuses.ts';

/** How the mandatory fields of a PDU stand on the wire. Integers are unsigned and big-endian (SMPP 3.4 §3.1). */
export const wire = { u8: 0, text: 1, message: 2, destinations: 3, failures: 4 } as const;

interface Described<Name extends string, Kind extends number, Value> {
  readonly name: Name;
  readonly kind: Kind;
  /** C-octet strings: most octets, the closing NUL included. */
  readonly limit: number;
  /** What an encoder writes where the field is absent, and a decoder gives where a response has no body. */
  readonly empty: Value;
  /** The status that answers a request in which the field is broken. */
  readonly refusal: number;
}

export const u8 = <const N extends string>(name: N, empty = 0): Described<N, 0, number> => ({
  name,
  kind: wire.u8,
  limit: 1,
  empty,
  refusal: statuses.ESME_RINVCMDLEN,
});

/** A C-octet string of at most `limit` octets with its NUL; in TypeScript a string of Latin-1 characters. */
export const text = <const N extends string>(
  name: N,
  limit: number,
  refusal: number = statuses.ESME_RINVCMDLEN,
): Described<N, 1, string> => ({ name, kind: wire.text, limit, empty: '', refusal });

const noOctets = Buffer.alloc(0);

/** sm_length and short_message: at most 255 octets (SMPP 5.0 §4.7.28; 254 in 3.4 §5.2.22). */
export const message: Described<'shortMessage', 2, Buffer> = {
  name: 'shortMessage',
  kind: wire.message,
  limit: 256,
  empty: noOctets,
  refusal: statuses.ESME_RINVMSGLEN,
};

/** A recipient of submit_multi: an address, or the name of a distribution list (SMPP 3.4 §4.5.1.1). */
export type Destination =
  | { readonly destAddrTon: number; readonly destAddrNpi: number; readonly destinationAddr: string }
  | { readonly dlName: string };

/** A recipient that submit_multi did not reach (SMPP 3.4 §4.5.2.1). */
export interface UnsuccessfulDelivery {
  readonly destAddrTon: number;
  readonly destAddrNpi: number;
  readonly destinationAddr: string;
  readonly errorStatusCode: number;
}

/** number_of_dests and dest_address(es): 1 to 254. */
export const destinations: Described<'destAddresses', 3, readonly Destination[]> = {
  name: 'destAddresses',
  kind: wire.destinations,
  limit: 1 + 254 * 24,
  empty: [],
  refusal: statuses.ESME_RINVNUMDESTS,
};

/** no_unsuccess and unsuccess_sme(s): 0 to 255. */
export const failures: Described<'unsuccessSmes', 4, readonly UnsuccessfulDelivery[]> = {
  name: 'unsuccessSmes',
  kind: wire.failures,
  limit: 1 + 255 * 27,
  empty: [],
  refusal: statuses.ESME_RINVNUMDESTS,
};

export type Field =
  | Described<string, 0, number>
  | Described<string, 1, string>
  | typeof message
  | typeof destinations
  | typeof failures;
