/** Progress on a terminal as one line that is written over, elsewhere as a line for each new text. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #text = '';
  #shown = '';

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows a text with the share that is done, 0..1. */
  show(text: string, share: number): void {
    const percent = `${String(Math.round(Math.min(1, share) * 100)).padStart(3)}%`;
    if (!this.#stream.isTTY) {
      if (text !== this.#text) this.#stream.write(`${percent} ${text}\n`);
      this.#text = text;
      return;
    }
    const line = `${percent} ${text}`;
    if (line === this.#shown) return;
    this.#shown = line;
    this.#stream.write(`\r\u001B[2K${line}`);
  }

  /** Clears the line, so that other text can follow. */
  end(): void {
    if (this.#stream.isTTY && this.#shown !== '') this.#stream.write('\r\u001B[2K');
    this.#shown = '';
  }
}
