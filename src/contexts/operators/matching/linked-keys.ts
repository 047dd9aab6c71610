/** Keys that stand for one thing: joined sets, with pairs that an officer said are never one. */
export class LinkedKeys {
  readonly #parent = new Map<string, string>();
  readonly #forbidden: [string, string][] = [];

  /** The representative of the key's set: its least key, so that the order of joining does not show. */
  find(key: string): string {
    let root = key;
    for (let next = this.#parent.get(root); next !== undefined; next = this.#parent.get(root)) root = next;
    for (let at = key; at !== root;) {
      const next = this.#parent.get(at)!;
      this.#parent.set(at, root);
      at = next;
    }
    return root;
  }

  forbid(a: string, b: string): void {
    this.#forbidden.push([a, b]);
  }

  /** Must two of these sets stay apart? */
  anyForbidden(keys: readonly string[]): boolean {
    const sets = new Set(keys.map((key) => this.find(key)));
    return this.#forbidden.some(([x, y]) => {
      const [left, right] = [this.find(x), this.find(y)];
      return left !== right && sets.has(left) && sets.has(right);
    });
  }

  /** Makes two sets one, unless that would bring a forbidden pair together. */
  join(a: string, b: string): void {
    const [left, right] = [this.find(a), this.find(b)];
    if (left === right || this.anyForbidden([left, right])) return;
    if (left < right) this.#parent.set(right, left);
    else this.#parent.set(left, right);
  }

  joinAll(keys: readonly string[]): void {
    for (const key of keys.slice(1)) this.join(keys[0]!, key);
  }
}
