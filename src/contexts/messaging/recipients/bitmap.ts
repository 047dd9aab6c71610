/** Which of the 100 million numbers `9xxxxxxxx` were met: 12.5 MB, whatever the size of the file. */
export class NumberSet {
  readonly #bits = new Uint8Array(12_500_000);

  /** Adds a number of nine digits that begins with 9; false where it was there before. */
  add(number: string): boolean {
    let value = 0;
    for (let at = 1; at < 9; at += 1) value = value * 10 + (number.charCodeAt(at) - 48);
    const byte = value >>> 3;
    const bit = 1 << (value & 7);
    const before = this.#bits[byte] as number;
    if ((before & bit) !== 0) return false;
    this.#bits[byte] = before | bit;
    return true;
  }
}
