/** The process of a campaign that is killed: argv is its name, the database address and the folder. */
import { connect } from '#platform/database';
import { campaigns } from './campaigns.ts';

const [, , name = '', url = '', folder = ''] = process.argv;
const campaign = campaigns[name];
if (campaign === undefined) throw new Error(`no campaign ${name}`);
await campaign.work({ database: connect(url, 8), folder }, (id) => process.stdout.write(`${id}\n`));
