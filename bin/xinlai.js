#!/usr/bin/env node
/**
 * Starts `xinlai <command>` from any Node 20 or newer: the sources are TypeScript for the Node that the project
 * pins as a package, so an older one hands over to it with the same arguments, streams, signals and exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The newest major that runs every file as it is (`Temporal`, type stripping without a flag). */
const neededMajor = 26;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, 'src', 'cli', 'main.ts');

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
} else {
  handOver();
}

function handOver() {
  const node = ['node_modules/node/bin/node', 'node_modules/node/bin/node.exe', 'node_modules/.bin/node']
    .map((path) => join(root, path))
    .find((path) => existsSync(path));
  if (node === undefined) {
    process.stderr.write(
      `xinlai: 這份程式需要 Node ${neededMajor}，請先在 ${root} 執行 npm install。\n` +
        `xinlai: needs Node ${neededMajor}, which comes with the project: run \`npm install\` in ${root} first.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends its signals to the whole group; a supervisor sends them to this process alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`xinlai: ${node}: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15);
  });
}
