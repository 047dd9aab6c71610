import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { writeOds } from 'hucre/ods';

/** Runs in the thread of an `OdsWriter`: one workbook in, the bytes of its ODS out. */

const [book] = (await once(parentPort!, 'message')) as Parameters<typeof writeOds>;
const bytes = await writeOds(book);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort!.postMessage(bytes);
