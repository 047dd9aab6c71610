/** `npm run bench -- NAME [--full]`: runs the benchmark in the file of that name; without a name, lists them. */
import { readdirSync } from 'node:fs';
import { commit, describeMachine } from './harness.ts';

const own = new Set(['run.ts', 'harness.ts', 'measured-child.ts', 'resource-probe.ts']);
const names = readdirSync(new URL('.', import.meta.url))
  .filter(
    (file) =>
      file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('-peer.ts') && !own.has(file),
  )
  .map((file) => file.slice(0, -3))
  .toSorted();

const [name] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`no benchmark is called ${name}`);
  console.error(`npm run bench -- <${names.join(' | ')}> [--full]`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  console.log(`bench ${name} at ${commit()}`);
  console.log(describeMachine());
  const bench = (await import(`./${name}.ts`)) as { run(options: { full: boolean }): Promise<void> };
  await bench.run({ full: process.argv.includes('--full') });
}
