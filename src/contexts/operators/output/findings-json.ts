/** The result of a run as JSON text: one item a line, keys and items in a fixed order, so that two runs can be compared. */
import type { RunResult } from '../run-result.ts';

/** Version of the shape below. */
export const findingsFormat = 'xinlai-findings/1';

/** Writes the result in pieces of some ten thousand characters; joined they are one JSON document. */
export function* findingsJson(result: RunResult): Generator<string> {
  const { asOf, funnel, operators, findings, shops, matches, sources, pack } = result;
  yield `{\n"asOf": ${JSON.stringify(asOf)},\n`;
  yield `"generatedBy": ${JSON.stringify({ name: 'xinlai', format: findingsFormat })},\n`;
  yield `"pack": ${JSON.stringify(pack)},\n`;
  yield* list('funnel', funnel);
  yield* list('operators', operators);
  yield* list('findings', findings);
  yield* list('shops', shops);
  yield* list('matches', matches);
  yield* list('sources', sources, true);
  yield '}\n';
}

function* list(key: string, items: readonly object[], last = false): Generator<string> {
  let text = `"${key}": [`;
  for (const [index, item] of items.entries()) {
    text += `${index === 0 ? '' : ','}\n${JSON.stringify(item)}`;
    if (text.length > 65_536) {
      yield text;
      text = '';
    }
  }
  yield `${text}\n]${last ? '' : ','}\n`;
}
