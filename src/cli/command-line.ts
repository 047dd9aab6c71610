/** What every command shares: how it is defined, and how it says that it cannot go on. */
import type { Command } from 'commander';

/** A file `src/cli/<command>.ts` exports `define`, which gives the command its options and its action. */
export interface CommandModule {
  define(command: Command): void;
}

/** A command in the list of `main.ts`; its file is loaded only when it is called. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Ends the command with a message on stderr, without a stack trace, and with an exit code (2: nothing could be done). */
export class CommandFailure extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
