import { type Problem, problem } from './problems.ts';

/** What the first bytes of a file tell. */
export type Signature = 'zip' | 'gzip' | 'other';

const starts = (head: Buffer, ...bytes: number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

const images: readonly [name: string, ...bytes: number[]][] = [
  ['PNG', 0x89, 0x50, 0x4e, 0x47],
  ['JPEG', 0xff, 0xd8, 0xff],
  ['GIF', 0x47, 0x49, 0x46, 0x38],
  ['TIFF', 0x49, 0x49, 0x2a, 0x00],
  ['WebP', 0x52, 0x49, 0x46, 0x46],
];
const programs: readonly [name: string, ...bytes: number[]][] = [
  ['ELF', 0x7f, 0x45, 0x4c, 0x46],
  ['Mach-O', 0xcf, 0xfa, 0xed, 0xfe],
  ['Java', 0xca, 0xfe, 0xba, 0xbe],
];
const archives: readonly [name: string, ...bytes: number[]][] = [
  ['7z', 0x37, 0x7a, 0xbc, 0xaf],
  ['RAR', 0x52, 0x61, 0x72, 0x21],
  ['bzip2', 0x42, 0x5a, 0x68],
  ['xz', 0xfd, 0x37, 0x7a, 0x58],
  ['Zstandard', 0x28, 0xb5, 0x2f, 0xfd],
];

/** Looks at the first bytes (4 KiB or more where there are as many): a container, a thing refused, or something else. */
export function readSignature(head: Buffer): Signature | Problem {
  if (starts(head, 0x50, 0x4b, 3, 4) || starts(head, 0x50, 0x4b, 5, 6)) return 'zip';
  if (starts(head, 0x1f, 0x8b)) return 'gzip';
  if (starts(head, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) return problem('legacy_office_file');
  if (head.subarray(0, 1024).includes('%PDF-')) return problem('pdf_file');
  if (starts(head, 0x4d, 0x5a) && (head.includes('This program') || head.includes('PE\0\0')))
    return problem('executable_file', { detail: 'Windows' });
  for (const [detail, ...bytes] of programs)
    if (starts(head, ...bytes)) return problem('executable_file', { detail });
  for (const [detail, ...bytes] of images)
    if (starts(head, ...bytes)) return problem('image_file', { detail });
  for (const [detail, ...bytes] of archives)
    if (starts(head, ...bytes)) return problem('archive_not_supported', { detail });
  if (head.subarray(257, 262).toString('latin1') === 'ustar')
    return problem('archive_not_supported', { detail: 'tar' });
  if (
    head.subarray(0, 15).toString('latin1') === 'SQLite format 3' ||
    head.subarray(0, 4).toString('latin1') === 'PAR1'
  )
    return problem('binary_file');
  return 'other';
}

/** A protected XLSX is an old Office container that holds a stream named EncryptedPackage. */
export const isEncryptedOffice = (bytes: Buffer): boolean =>
  bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'));

/** What a text is instead of a table, by its first characters. */
export function notATable(text: string): Problem | undefined {
  const start = text.trimStart().slice(0, 200);
  if (/^[[{]\s*("|\{|\[|\})/.test(start))
    return problem('json_instead_of_table', { detail: start.slice(0, 60) });
  if (/^<(!doctype html|html|head|body|script)/i.test(start)) return problem('html_instead_of_table');
  if (start.startsWith('<?xml')) return problem('wrong_office_file', { detail: 'XML' });
  return undefined;
}
