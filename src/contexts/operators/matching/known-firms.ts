/**
 * The firms that a run has met: those with the business item, those whose number a source gives, and those that bear or
 * resemble a name it gives. They are learnt from the registers in a few scans, never one by one.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { parseCompanyName } from '#shared/company-name';
import type { RulePack } from '../rules/rule-pack.ts';
import { NameIndex } from './name-index.ts';
import { findNearCores, prepareEqualCores } from './register-search.ts';
import { readFirms, type RegisterFirm, type RegistersLoaded } from './registers.ts';

export class KnownFirms {
  readonly #firms = new Map<string, RegisterFirm>();
  readonly #index = new NameIndex();
  readonly #searchable = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #askedCores = { equal: new Set<string>(), near: new Set<string>() };
  readonly #connection: DuckDBConnection;
  readonly #pack: RulePack;
  readonly #loaded: RegistersLoaded;

  constructor(connection: DuckDBConnection, pack: RulePack, loaded: RegistersLoaded) {
    this.#connection = connection;
    this.#pack = pack;
    this.#loaded = loaded;
  }

  get index(): NameIndex {
    return this.#index;
  }

  get(ubn: string): RegisterFirm | undefined {
    return this.#firms.get(ubn);
  }

  get all(): ReadonlyMap<string, RegisterFirm> {
    return this.#firms;
  }

  /**
   * The company whose branch a number is, where only the tax register knows the branch; else the firm itself. What a
   * branch does is done by its company.
   */
  responsible(firm: RegisterFirm): RegisterFirm {
    const head = firm.headOfficeUbn === null ? undefined : this.#firms.get(firm.headOfficeUbn);
    return head === undefined || firm.rows.some((row) => row.source !== 'tax_register') ? firm : head;
  }

  /** Learns numbers, and the head offices behind them. `searchable` firms are also found by nearness of name. */
  async learn(ubns: Iterable<string | null>, searchable: boolean): Promise<void> {
    await this.#learnHeads(await this.#read(ubns, searchable));
  }

  /**
   * Learns `searchable` numbers, then `others`, then every firm in the large registers that bears one of `names`, whatever
   * its legal form. The database looks for the names while the searchable firms are put together: half a second each for a
   * national set.
   */
  async learnWithBearers(
    searchable: Iterable<string | null>,
    others: Iterable<string>,
    names: Iterable<string>,
  ): Promise<void> {
    const search = await prepareEqualCores(this.#connection, this.#notAsked('equal', names));
    let bearers: Promise<string[]> | undefined;
    const start = (): Promise<string[]> => {
      bearers ??= search();
      bearers.catch(() => undefined); // told below
      return bearers;
    };
    const found = await this.#read(searchable, true, () => void start());
    const numbers = await start();
    await this.#learnHeads(found);
    await this.learn(others, false);
    await this.learn(numbers, false);
  }

  async #learnHeads(found: readonly RegisterFirm[]): Promise<void> {
    await this.#read(
      found.map((firm) => firm.headOfficeUbn),
      false,
    );
  }

  /** Learns every firm in the large registers whose name is one slip away from one of the names. */
  async learnNearBearers(names: Iterable<string>): Promise<void> {
    const cores = this.#notAsked('near', names);
    const long = new Set([...cores].filter((core) => Array.from(core).length >= 4));
    await this.learn(await findNearCores(this.#connection, long), true);
  }

  #notAsked(kind: 'equal' | 'near', names: Iterable<string>): Set<string> {
    const cores = new Set([...names].map((name) => parseCompanyName(name).core));
    const asked = this.#askedCores[kind];
    const fresh = new Set([...cores].filter((core) => core !== '' && !asked.has(core)));
    for (const core of fresh) asked.add(core);
    return fresh;
  }

  async #read(
    ubns: Iterable<string | null>,
    searchable: boolean,
    onAnswered?: () => void,
  ): Promise<RegisterFirm[]> {
    const wanted = new Set([...ubns].filter((ubn) => ubn !== null));
    const missing = [...wanted].filter((ubn) => !this.#asked.has(ubn));
    for (const ubn of missing) this.#asked.add(ubn);
    const found =
      missing.length === 0
        ? new Map<string, RegisterFirm>()
        : await readFirms(this.#connection, missing, this.#pack, this.#loaded, onAnswered);
    for (const [ubn, firm] of found) this.#firms.set(ubn, firm);
    for (const ubn of wanted) {
      const firm = this.#firms.get(ubn);
      if (firm === undefined || (!found.has(ubn) && (!searchable || this.#searchable.has(ubn)))) continue;
      this.#index.add(firm, { exact: found.has(ubn), near: searchable });
      if (searchable) this.#searchable.add(ubn);
    }
    return [...found.values()];
  }
}
