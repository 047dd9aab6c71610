/** How one telecom differs from the next; browser-safe. */
import Type, { type Static } from 'typebox';

/** The forms of `messageIdForms` of the protocol, which a browser does not load. */
const forms = ['as-is', 'case-insensitive', 'decimal', 'hex', 'hex-to-decimal', 'decimal-to-hex'] as const;

export const linkOptionsSchema = Type.Object(
  {
    /** Telecoms whose numbers the link takes where their own links are down or missing. */
    accepts: Type.Union([Type.Literal('all'), Type.Array(Type.String({ maxLength: 20 }), { maxItems: 20 })], {
      default: [],
    }),
    sourceAddress: Type.String({ minLength: 1, maxLength: 20, pattern: '^[0-9A-Za-z]+$', default: '111' }),
    /** 3: network specific (SMPP 3.4, 5.2.5). */
    sourceTon: Type.Integer({ minimum: 0, maximum: 6, default: 3 }),
    sourceNpi: Type.Integer({ minimum: 0, maximum: 18, default: 0 }),
    /** How ids of responses and of receipts belong together. */
    messageIds: Type.Union(
      forms.map((form) => Type.Literal(form)),
      { default: 'as-is' },
    ),
    /** Bits of the reference that the parts of a long text share. */
    referenceBits: Type.Union([Type.Literal(8), Type.Literal(16)], { default: 8 }),
    /** How long texts travel: a header in each part, or `sar_*` parameters. */
    carrier: Type.Union([Type.Literal('udh'), Type.Literal('sar')], { default: 'udh' }),
    /** Alphabet of plain texts; null sends everything in UCS-2. */
    plainAlphabet: Type.Union(
      [Type.Literal('gsm'), Type.Literal('ascii'), Type.Literal('latin-1'), Type.Null()],
      { default: 'gsm' },
    ),
    /** `data_coding` of plain texts. */
    plainCoding: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(3)], { default: 0 }),
    /** Minutes of the SMSC's clock before UTC, in the dates of its receipts. */
    clockOffsetMinutes: Type.Integer({ minimum: -720, maximum: 840, default: 480 }),
    /** Names each text by `user_message_reference`, which many SMSCs say again in the receipt. */
    userReference: Type.Boolean({ default: true }),
    /** Seconds until a request without a response is lost. */
    responseSeconds: Type.Integer({ minimum: 1, maximum: 600, default: 60 }),
    /** Seconds of silence after which the peer is asked whether it lives. */
    enquireSeconds: Type.Integer({ minimum: 1, maximum: 600, default: 30 }),
    /** Refuses a TLS certificate that no known authority signed. */
    verifyCertificate: Type.Boolean({ default: true }),
    /** PEM of the authority that signed the telecom's certificate. */
    authority: Type.Optional(Type.String({ maxLength: 20_000 })),
  },
  { additionalProperties: false },
);
export type LinkOptions = Static<typeof linkOptionsSchema>;
