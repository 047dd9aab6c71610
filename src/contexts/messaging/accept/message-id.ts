/** The id of a message as others see it: `msg_<chunk>_<row>`, both in base 36. */
export interface MessagePlace {
  readonly chunkId: number;
  readonly row: number;
}

export const messageIdOf = ({ chunkId, row }: MessagePlace): string =>
  `msg_${chunkId.toString(36)}_${row.toString(36)}`;

/** Where the message stands; null for anything that is no such id. */
export function placeOf(id: string): MessagePlace | null {
  const match = /^msg_([0-9a-z]{1,11})_([0-9a-z]{1,2})$/u.exec(id);
  if (match === null) return null;
  const chunkId = Number.parseInt(match[1] as string, 36);
  const row = Number.parseInt(match[2] as string, 36);
  return Number.isSafeInteger(chunkId) && chunkId > 0 ? { chunkId, row } : null;
}
