/**
 * The thread that sends: a dispatcher with a database pool of its own, so that a page stays quick while a batch is under
 * way. The main thread tells it the product's time and when something was queued.
 */
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createAudit, openAuditKeys } from '#platform/audit/audit';
import { TAIPEI, type Clock } from '#platform/clock';
import { connectPrepared } from '#platform/database';
import { createLog } from '#platform/log';
import { openSecretBox } from '#platform/secret-box';
import { fileRootKeys } from '#platform/vault/key-file';
import { createVault } from '#platform/vault/vault';
import { createCheckKeys } from '../check/keys.ts';
import { createDispatcher } from './dispatcher.ts';
import type { SenderMessage, SenderStart } from './sender.ts';
import { loadTexts } from './texts.ts';

const { databaseUrl, rootKeyFile, logLevel, offsetMs, graceMs } = workerData as SenderStart;
let offset = offsetMs;
const now = (): Temporal.Instant => Temporal.Now.instant().add({ milliseconds: offset });
const clock: Clock = { now, today: () => now().toZonedDateTimeISO(TAIPEI).toPlainDate() };

const keyFolder = dirname(rootKeyFile);
const log = createLog(logLevel);
const database = connectPrepared(databaseUrl, 24);
const secretBox = openSecretBox(keyFolder);
const audit = createAudit({ database, log, keys: openAuditKeys(keyFolder, { create: false }) });
const dispatcher = createDispatcher({
  database,
  vault: createVault({ database, audit, rootKeys: fileRootKeys(rootKeyFile), clock }),
  secretBox,
  clock,
  log,
  checkKeys: createCheckKeys({ database, secretBox, clock }),
  textsOf: loadTexts(database),
  ...(graceMs !== undefined && { graceMs }),
});

const port = parentPort;
if (port === null) throw new Error('this is a thread of the product');
port.on('message', (message: SenderMessage) => {
  switch (message.kind) {
    case 'wake':
      dispatcher.wake();
      return;
    case 'clock':
      offset = message.offsetMs;
      dispatcher.wake();
      return;
    default:
      void stop();
  }
});
const started = dispatcher.start();

async function stop(): Promise<void> {
  await started;
  await dispatcher.stop();
  await database.close();
  port?.close();
}
