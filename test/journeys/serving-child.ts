/** A process that serves and is killed: `node serving-child.ts FOLDER`. Prints the address when it listens. */
import { createApp } from '../../src/app.ts';
import { loadConfig } from '#platform/config';
import { createLog } from '#platform/log';

const [folder = ''] = process.argv.slice(2);
const config = loadConfig({ ...process.env, XINLAI_DATA: folder, XINLAI_ROLES: 'web,worker' });
const app = await createApp(config, createLog('silent'));
await app.start();
const address = await app.http.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
