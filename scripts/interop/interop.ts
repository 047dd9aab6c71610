/** A comparison of the product with somebody else's implementation of the same standard. */
export interface Interop {
  readonly about: string;
  /** Programs that must be installed. */
  readonly needs: readonly string[];
  run(surroundings: {
    /** An empty database. */
    readonly url: string;
    /** An empty folder. */
    readonly folder: string;
    /** Notes one comparison; unequal verdicts fail the run. */
    readonly agree: (what: string, ours: string, theirs: string) => void;
  }): Promise<void>;
}
