import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** What a process writes that logs such an error: the log goes to the descriptor itself. */
function logged(expression: string): string {
  const program = `import { createLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)};
    const refused = Object.assign(new Error('invalid input syntax for type bigint: "0912345678\\nat home"'), {
      severity: 'ERROR', code: '22P02', detail: 'Key (email)=(amy@shop.example) already exists.', where: 'COPY fact, line 3: "Amy"',
      routine: 'pg_strtoint64', constraint: 'person_email_key' });
    createLog('info').error({ err: ${expression} }, 'request failed');`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stderr;
}

test('a log line of a database error names its place and none of the values in it', () => {
  for (const expression of [
    'refused',
    'new Error("saving failed: " + refused.message, { cause: refused })',
  ]) {
    const line = logged(expression);
    assert.doesNotMatch(line, /0912345678|amy@|Amy|at home/);
    const { err } = JSON.parse(line) as { err: Record<string, string> };
    assert.equal(err['code'], '22P02');
    assert.equal(err['constraint'], 'person_email_key');
    assert.match(err['stack'] ?? '', /^\s+at /);
  }
});

test('another error is logged with its message', () => {
  assert.match(logged('new TypeError("x is not a function")'), /x is not a function/);
});
