/** The types of optional parameters; with `*` those that may stand several times. */
type TlvType = 'integer' | 'text' | 'octets' | 'integer*' | 'octets*';

/** `[tag, type, most octets of its value]`; an integer is written in exactly so many. */
type Row = readonly [tag: number, type: TlvType, limit: number];

/** Optional parameters (TLVs) of SMPP 3.4 §5.3.2, and those of 5.0 §4.8 that point-to-point messages use. */
export const tlvs = {
  destAddrSubunit: [0x0005, 'integer', 1],
  destNetworkType: [0x0006, 'integer', 1],
  destBearerType: [0x0007, 'integer', 1],
  destTelematicsId: [0x0008, 'integer', 2],
  sourceAddrSubunit: [0x000d, 'integer', 1],
  sourceNetworkType: [0x000e, 'integer', 1],
  sourceBearerType: [0x000f, 'integer', 1],
  sourceTelematicsId: [0x0010, 'integer', 1],
  qosTimeToLive: [0x0017, 'integer', 4],
  payloadType: [0x0019, 'integer', 1],
  additionalStatusInfoText: [0x001d, 'text', 256],
  receiptedMessageId: [0x001e, 'text', 65],
  msMsgWaitFacilities: [0x0030, 'integer', 1],
  privacyIndicator: [0x0201, 'integer', 1],
  sourceSubaddress: [0x0202, 'octets', 23],
  destSubaddress: [0x0203, 'octets', 23],
  userMessageReference: [0x0204, 'integer', 2],
  userResponseCode: [0x0205, 'integer', 1],
  sourcePort: [0x020a, 'integer', 2],
  destinationPort: [0x020b, 'integer', 2],
  sarMsgRefNum: [0x020c, 'integer', 2],
  languageIndicator: [0x020d, 'integer', 1],
  sarTotalSegments: [0x020e, 'integer', 1],
  sarSegmentSeqnum: [0x020f, 'integer', 1],
  scInterfaceVersion: [0x0210, 'integer', 1],
  callbackNumPresInd: [0x0302, 'integer*', 1],
  callbackNumAtag: [0x0303, 'octets*', 65],
  numberOfMessages: [0x0304, 'integer', 1],
  callbackNum: [0x0381, 'octets*', 19],
  dpfResult: [0x0420, 'integer', 1],
  setDpf: [0x0421, 'integer', 1],
  msAvailabilityStatus: [0x0422, 'integer', 1],
  networkErrorCode: [0x0423, 'octets', 3],
  messagePayload: [0x0424, 'octets', 65_535],
  deliveryFailureReason: [0x0425, 'integer', 1],
  moreMessagesToSend: [0x0426, 'integer', 1],
  messageState: [0x0427, 'integer', 1],
  congestionState: [0x0428, 'integer', 1],
  ussdServiceOp: [0x0501, 'integer', 1],
  billingIdentification: [0x060b, 'octets', 1024],
  sourceNetworkId: [0x060d, 'text', 65],
  destNetworkId: [0x060e, 'text', 65],
  sourceNodeId: [0x060f, 'octets', 6],
  destNodeId: [0x0610, 'octets', 6],
  destAddrNpResolution: [0x0611, 'integer', 1],
  destAddrNpInformation: [0x0612, 'octets', 10],
  destAddrNpCountry: [0x0613, 'octets', 5],
  displayTime: [0x1201, 'integer', 1],
  smsSignal: [0x1203, 'integer', 2],
  msValidity: [0x1204, 'octets', 4],
  alertOnMessageDelivery: [0x130c, 'octets', 1],
  itsReplyType: [0x1380, 'integer', 1],
  itsSessionInfo: [0x1383, 'octets', 2],
} as const satisfies Readonly<Record<string, Row>>;

export type TlvName = keyof typeof tlvs;

interface Values {
  readonly integer: number;
  readonly text: string;
  readonly octets: Buffer;
  readonly 'integer*': readonly number[];
  readonly 'octets*': readonly Buffer[];
}

/** Optional parameters of a PDU by their names. Octets of a decoded PDU are a view of the bytes that were read. */
export type Tlvs = { readonly [N in TlvName]?: Values[(typeof tlvs)[N][1]] };

/** An optional parameter that the table does not know, or that stands twice where it may stand once. */
export interface RawTlv {
  readonly tag: number;
  readonly value: Buffer;
}
