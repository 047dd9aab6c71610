import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

interface Flags {
  /** False: the holder touched the device without PIN or biometrics. */
  readonly verified?: boolean;
}

/** A WebAuthn authenticator in software (ES256, no attestation), for tests of passkeys. */
export interface SoftwareAuthenticator {
  readonly id: string;
  register(challenge: string, flags?: Flags): unknown;
  signIn(challenge: string, flags?: Flags, id?: string): unknown;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export function softwareAuthenticator(rpId: string, origin: string): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(16);
  const id = credentialId.toString('base64url');
  let counter = 0;

  const clientData = (type: string, challenge: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = (flags: number, rest: Buffer = Buffer.alloc(0)): Buffer => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++counter);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), count, rest]);
  };

  return {
    id,
    register(challenge, { verified = true } = {}) {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      // COSE_Key of RFC 9053: kty EC2, alg ES256, crv P-256, x, y.
      const coseKey = Buffer.concat([
        Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
        bytes(Buffer.from(x, 'base64url')),
        Buffer.from([0x22]),
        bytes(Buffer.from(y, 'base64url')),
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const flags = USER_PRESENT | HAS_CREDENTIAL | (verified ? USER_VERIFIED : 0);
      const data = authenticatorData(flags, Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey]));
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        text('fmt'),
        text('none'),
        text('attStmt'),
        Buffer.from([0xa0]),
        text('authData'),
        bytes(data),
      ]);
      return credential(id, {
        clientDataJSON: clientData('webauthn.create', challenge).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      });
    },
    signIn(challenge, { verified = true } = {}, own = id) {
      const client = clientData('webauthn.get', challenge);
      const data = authenticatorData(USER_PRESENT | (verified ? USER_VERIFIED : 0));
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      return credential(own, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      });
    },
  };
}

/** CBOR byte string (RFC 8949), up to 64 KiB. */
function bytes(value: Buffer): Buffer {
  const { length } = value;
  const head =
    length < 24 ? [0x40 | length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), value]);
}

/** CBOR text string of fewer than 24 bytes. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | value.length]), Buffer.from(value)]);
}

function credential(own: string, response: object) {
  return {
    id: own,
    rawId: own,
    type: 'public-key',
    clientExtensionResults: {},
    response,
  };
}
