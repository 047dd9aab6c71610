import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast } from './contrast.ts';
import { colourRoles, colours, shapePairs, textPairs, type ColourRole, type Scheme } from './tokens.ts';

const schemes: readonly Scheme[] = ['light', 'dark'];

function below(pairs: readonly (readonly [ColourRole, ColourRole])[], least: number): string[] {
  return schemes.flatMap((scheme) =>
    pairs
      .map(([front, back]) => ({
        front,
        back,
        ratio: contrast(colours[scheme][front], colours[scheme][back]),
      }))
      .filter(({ ratio }) => ratio < least)
      .map(({ front, back, ratio }) => `${scheme}: ${front} on ${back} ${ratio.toFixed(2)}`),
  );
}

test('black on white has a contrast of 21 and a colour on itself of 1', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#0f5c5c', '#0f5c5c'), 1);
});

test('every text reaches 4.5 on every ground it stands on, in both schemes', () => {
  assert.deepEqual(below(textPairs, 4.5), []);
});

test('every edge, focus ring and chart ink reaches 3 on its ground, in both schemes', () => {
  assert.deepEqual(below(shapePairs, 3), []);
});

test('every colour but plain grounds and hairlines is in a checked pair', () => {
  const checked = new Set([...textPairs, ...shapePairs].flat());
  const unchecked = colourRoles.filter((role) => !checked.has(role));
  assert.deepEqual(unchecked, ['line']);
});
