import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html } from './html.ts';

test('a value never opens a tag, an attribute or an entity of its own', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const made = html`<p title="${value}">${value}</p>`.text;
      assert.equal(made.match(/</g)?.length, 2);
      assert.equal(made.match(/"/g)?.length, 2);
      assert.equal(made.match(/&(?!(amp|lt|gt|quot|#39);)/g), null);
    }),
  );
});

test('nested HTML is kept and nothing is printed for null, false and undefined', () => {
  assert.equal(
    html`<ul>
      ${[html`<li>${1}</li>`, html`<li>${'<'}</li>`]}${null}${false}${undefined}
    </ul>`.text,
    '<ul><li>1</li><li>&lt;</li></ul>',
  );
});
