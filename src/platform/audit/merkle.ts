import { createHash } from 'node:crypto';

/** Merkle tree hashing and proofs of RFC 9162 (section 2.1) with SHA-256. A leaf hash or a root has 32 bytes. */

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** Hash of one leaf: SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(data).digest();
}

/** Hash of two neighbours: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** The tree head of a list of leaf hashes; of an empty list SHA-256 of nothing. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  return frontierRoot(extendFrontier({ size: 0, hashes: [] }, leaves));
}

/** Roots of the full subtrees of a tree of `size` leaves, largest first: all that is needed to go on appending. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Buffer[];
}

/** The frontier after appending leaf hashes. */
export function extendFrontier(frontier: Frontier, leaves: readonly Buffer[]): Frontier {
  const hashes = [...frontier.hashes];
  let { size } = frontier;
  for (const leaf of leaves) {
    let node = leaf;
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2)
      node = nodeHash(hashes.pop() as Buffer, node);
    hashes.push(node);
    size++;
  }
  return { size, hashes };
}

/** The tree head of a frontier. */
export function frontierRoot(frontier: Frontier): Buffer {
  if (frontier.hashes.length === 0) return createHash('sha256').digest();
  return frontier.hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Largest power of two smaller than `size` (size > 1). */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Inclusion proof of leaf `index` in the tree of all `leaves` (2.1.3.1), lowest node first. */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`no leaf ${index}`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...inclusionProof(leaves.slice(0, split), index), rootOf(leaves.slice(split))]
    : [...inclusionProof(leaves.slice(split), index - split), rootOf(leaves.slice(0, split))];
}

/** True where the proof shows that leaf `index` is in the tree of `size` leaves with this root (2.1.3.2). */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let first = index;
  let last = size - 1;
  let node = leaf;
  for (const hash of proof) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      node = nodeHash(hash, node);
      while (first % 2 === 0 && first !== 0) {
        first = Math.floor(first / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node = nodeHash(node, hash);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && node.equals(root);
}

/** Consistency proof between the trees of the first `size` leaves and of all `leaves` (2.1.4.1). */
export function consistencyProof(leaves: readonly Buffer[], size: number): Buffer[] {
  if (!Number.isInteger(size) || size < 1 || size > leaves.length)
    throw new RangeError(`no tree of ${size} leaves`);
  const subproof = (part: readonly Buffer[], of: number, whole: boolean): Buffer[] => {
    if (of === part.length) return whole ? [] : [rootOf(part)];
    const split = splitOf(part.length);
    return of <= split
      ? [...subproof(part.slice(0, split), of, whole), rootOf(part.slice(split))]
      : [...subproof(part.slice(split), of - split, false), rootOf(part.slice(0, split))];
  };
  return subproof(leaves, size, true);
}

/** True where the proof shows that the tree `to` begins with the whole tree `from` (2.1.4.2). */
export function verifyConsistency(
  from: { readonly size: number; readonly root: Buffer },
  to: { readonly size: number; readonly root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (!Number.isSafeInteger(from.size) || !Number.isSafeInteger(to.size)) return false;
  if (from.size < 1 || from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  const path = Number.isInteger(Math.log2(from.size)) ? [from.root, ...proof] : [...proof];
  const start = path.shift();
  if (start === undefined) return false;
  let first = from.size - 1;
  let last = to.size - 1;
  while (first % 2 === 1) {
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  let oldNode = start;
  let newNode = start;
  for (const hash of path) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      oldNode = nodeHash(hash, oldNode);
      newNode = nodeHash(hash, newNode);
      while (first % 2 === 0 && first !== 0) {
        first = Math.floor(first / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newNode = nodeHash(newNode, hash);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && oldNode.equals(from.root) && newNode.equals(to.root);
}
