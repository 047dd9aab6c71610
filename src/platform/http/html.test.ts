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
  const items = [html`<li>${1}</li>`, html`<li>${'<'}</li>`];
  assert.equal(html`<p>${items}${null}${false}${undefined}</p>`.text, '<p><li>1</li><li>&lt;</li></p>');
});
