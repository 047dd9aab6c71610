/** What one read may cost at most. Every number exists to stop a hostile or broken file, none to stop a true one. */
export interface ReadLimits {
  /** Bytes of a file as it lies on disk. */
  fileBytes: number;
  /** Bytes of one file after unpacking (the national tax register has 300 MB). */
  unpackedBytes: number;
  /** Unpacked bytes for one packed byte; text packs up to about 12, a bomb a thousand. */
  packRatio: number;
  /** Entries of one zip archive. */
  zipEntries: number;
  /** Bytes of one row, a row of many lines included. */
  rowBytes: number;
  /** Lines that one quoted cell may span before its quote counts as never closed. */
  cellLines: number;
  /** Bytes of one quoted cell before its quote counts as never closed. */
  cellBytes: number;
  columns: number;
  rows: number;
  /** Bytes from which a plain register is read by the database itself (see plain-check.ts); a small one is not worth a thread. */
  directBytes: number;
  /** Rejected rows listed one by one; the rest is only counted. */
  listedRejects: number;
  /** Bytes of a spreadsheet on disk, and of all its parts unpacked. */
  sheetFileBytes: number;
  sheetUnpackedBytes: number;
  sheets: number;
  /** Heap of the thread that reads a spreadsheet, in MiB, and the seconds it may take. */
  sheetHeapMiB: number;
  sheetSeconds: number;
  /** Files of one folder. */
  files: number;
}

const MiB = 1024 * 1024;

/** The limits used where the caller names none. */
export const defaultLimits: ReadLimits = {
  fileBytes: 4096 * MiB,
  unpackedBytes: 4096 * MiB,
  packRatio: 200,
  zipEntries: 1000,
  rowBytes: MiB,
  cellLines: 100,
  cellBytes: 64 * 1024,
  columns: 500,
  rows: 20_000_000,
  directBytes: 4 * MiB,
  listedRejects: 100_000,
  sheetFileBytes: 64 * MiB,
  sheetUnpackedBytes: 512 * MiB,
  sheets: 100,
  sheetHeapMiB: 1536,
  sheetSeconds: 120,
  files: 1000,
};
