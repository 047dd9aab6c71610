/** Submissions are stored in groups, a row for what one intent was answered in one cycle; this is how they are read. */

/**
 * Submissions by part: `(intent_id, chunk_id, link_id, at, row, part, status, message_id)`, to stand in a `from` under a
 * name of its own. A condition on `chunk_id` or `at` reaches the table.
 */
export const PARTS = `(
  select submission.intent_id, submission.chunk_id, submission.link_id, submission.at,
    one.row, one.part, one.status, one.message_id
  from messaging.submission cross join lateral
    unnest(submission.rows, submission.parts, submission.statuses, submission.message_ids)
      as one (row, part, status, message_id)
)`;
