import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messageIdOf, placeOf } from './message-id.ts';
import { MESSAGE_ID } from './messages-contract.ts';

test('an id of a message leads back to its place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 0, max: 999 }),
      (chunkId, row) => {
        const id = messageIdOf({ chunkId, row });
        assert.match(id, new RegExp(MESSAGE_ID, 'u'));
        assert.deepEqual(placeOf(id), { chunkId, row });
      },
    ),
  );
});

test('what is no such id has no place', () => {
  for (const id of ['', 'msg_', 'msg_0_0', 'msg_1', 'msg_zzzzzzzzzzz_0', 'bat_1_1', 'msg_1_0 ', 'msg_A_0'])
    assert.equal(placeOf(id), null, id);
});
