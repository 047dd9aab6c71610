/** What a command is at, without a share done: one line on a terminal that is written over, nothing elsewhere. */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (!this.#stream.isTTY) return;
    this.#stream.write(`\r\u001B[2K${text}`);
    this.#shown = true;
  }

  end(): void {
    if (this.#shown) this.#stream.write('\r\u001B[2K');
    this.#shown = false;
  }
}
