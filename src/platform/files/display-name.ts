/**
 * The name of an upload, to keep and to show: its last part, without control and text-direction characters (which let
 * `gpj.exe` read as `exe.jpg`), at most 200 characters; `file` where nothing is left.
 */
export function displayName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
  return Array.from(clean).slice(0, 200).join('') || 'file';
}
