/** A value of plain YAML. */
export type Yaml = string | Yaml[] | { [key: string]: Yaml };

interface Line {
  readonly indent: number;
  readonly text: string;
}

/**
 * Reads the part of YAML that this project writes: maps and lists by indentation, scalars as text, lists in brackets,
 * folded text after `>`. Throws on anything else, so that nothing is read wrongly.
 */
export function readYaml(text: string): Yaml {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line))
    .map((line): Line => ({ indent: line.length - line.trimStart().length, text: line.trim() }));
  const reader = new Reader(lines);
  const value = reader.block(0);
  if (!reader.atEnd) throw new Error(`not plain YAML: ${reader.here}`);
  return value;
}

class Reader {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  get atEnd(): boolean {
    return this.#at >= this.#lines.length;
  }

  get here(): string {
    return this.#lines[this.#at]?.text ?? 'end';
  }

  /** The map or list whose lines begin at `indent`. */
  block(indent: number): Yaml {
    return this.#lines[this.#at]?.text.startsWith('- ') === true ? this.#list(indent) : this.#map(indent);
  }

  #list(indent: number): Yaml[] {
    const items: Yaml[] = [];
    for (let line = this.#lines[this.#at]; line?.indent === indent; line = this.#lines[this.#at]) {
      if (!line.text.startsWith('- ')) break;
      const rest = line.text.slice(2);
      if (/^[\w-]+:( |$)/.test(rest)) {
        // An item that is a map begins behind its dash.
        const lines = [...this.#lines];
        lines[this.#at] = { indent: indent + 2, text: rest };
        const inner = new Reader(lines);
        inner.#at = this.#at;
        items.push(inner.#map(indent + 2));
        this.#at = inner.#at;
      } else {
        items.push(scalar(rest));
        this.#at += 1;
      }
    }
    return items;
  }

  #map(indent: number): { [key: string]: Yaml } {
    const map: { [key: string]: Yaml } = {};
    for (let line = this.#lines[this.#at]; line?.indent === indent; line = this.#lines[this.#at]) {
      const [, key, rest = ''] = /^([\w.-]+):(?: (.*))?$/.exec(line.text) ?? [];
      if (key === undefined || key in map) throw new Error(`not plain YAML: ${line.text}`);
      this.#at += 1;
      map[key] = rest === '>' ? this.#folded(indent) : rest === '' ? this.#under(indent) : scalar(rest);
    }
    return map;
  }

  #under(indent: number): Yaml {
    const next = this.#lines[this.#at];
    return next === undefined || next.indent <= indent ? '' : this.block(next.indent);
  }

  #folded(indent: number): string {
    const parts: string[] = [];
    for (
      let line = this.#lines[this.#at];
      line !== undefined && line.indent > indent;
      line = this.#lines[this.#at]
    ) {
      parts.push(line.text);
      this.#at += 1;
    }
    return parts.join(' ');
  }
}

function scalar(text: string): Yaml {
  if (text.startsWith('[') && text.endsWith(']'))
    return text
      .slice(1, -1)
      .split(',')
      .map((item) => plain(item.trim()));
  if (/^[&*{|>%@`]/.test(text) || / #/.test(text)) throw new Error(`not plain YAML: ${text}`);
  return plain(text);
}

const plain = (text: string): string => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
