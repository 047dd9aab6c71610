import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  consistencyProof,
  extendFrontier,
  frontierRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

/** The eight leaves and the tree heads that Certificate Transparency implementations test with. */
const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')));

test('tree heads are those of the published vectors', () => {
  assert.deepEqual(
    roots.map((_, size) => rootOf(leaves.slice(0, size)).toString('hex')),
    roots,
  );
});

test('proofs hold exactly the nodes that RFC 9162 2.1.5 names', () => {
  // The tree of seven leaves of the RFC: a b g, c d h, k = g h, e f i, j, l = i j.
  const seven = leaves.slice(0, 7);
  const [a, b, c, d, e, f, j] = seven as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  const [g, h, i] = [nodeHash(a, b), nodeHash(c, d), nodeHash(e, f)];
  const [k, l] = [nodeHash(g, h), nodeHash(i, j)];
  assert.deepEqual(inclusionProof(seven, 0), [b, h, l]);
  assert.deepEqual(inclusionProof(seven, 3), [c, g, l]);
  assert.deepEqual(inclusionProof(seven, 4), [f, j, k]);
  assert.deepEqual(inclusionProof(seven, 6), [i, k]);
  assert.deepEqual(consistencyProof(seven, 3), [c, d, g, l]);
  assert.deepEqual(consistencyProof(seven, 4), [l]);
  assert.deepEqual(consistencyProof(seven, 6), [i, j, k]);
});

const tree = fc
  .integer({ min: 1, max: 70 })
  .map((size) => Array.from({ length: size }, (_, index) => leafHash(Buffer.from(`leaf ${index}`))));

test('every leaf is proved, and no other leaf or place by the same proof', () => {
  fc.assert(
    fc.property(tree, fc.nat(), fc.nat(), (all, a, b) => {
      const [index, other] = [a % all.length, b % all.length];
      const root = rootOf(all);
      const proof = inclusionProof(all, index);
      assert.ok(verifyInclusion(all[index]!, index, all.length, proof, root));
      if (other !== index) {
        assert.ok(!verifyInclusion(all[other]!, index, all.length, proof, root));
        assert.ok(!verifyInclusion(all[index]!, other, all.length, proof, root));
      }
      assert.ok(!verifyInclusion(all[index]!, index, all.length, [...proof, root], root));
    }),
  );
});

test('a longer tree is proved to begin with a shorter one, and a rewritten one is not', () => {
  fc.assert(
    fc.property(tree, fc.nat(), fc.nat(), (all, a, b) => {
      const size = (a % all.length) + 1;
      const from = { size, root: rootOf(all.slice(0, size)) };
      const to = { size: all.length, root: rootOf(all) };
      assert.ok(verifyConsistency(from, to, consistencyProof(all, size)));
      const rewritten = all.with(b % size, leafHash(Buffer.from('another')));
      assert.ok(
        !verifyConsistency(
          from,
          { size: all.length, root: rootOf(rewritten) },
          consistencyProof(rewritten, size),
        ),
      );
    }),
  );
});

test('a tree grown in steps has the head of a tree made at once', () => {
  fc.assert(
    fc.property(tree, fc.nat(), (all, a) => {
      const cut = a % (all.length + 1);
      const grown = extendFrontier(
        extendFrontier({ size: 0, hashes: [] }, all.slice(0, cut)),
        all.slice(cut),
      );
      assert.ok(frontierRoot(grown).equals(rootOf(all)));
    }),
  );
});
