/**
 * The floor under `reconcile`: DuckDB reads the same CSV files with its own reader, as text, and joins them on the
 * number. Nothing is checked, matched or written: no reconciliation can be faster.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder, temp] = process.argv.slice(2) as [string, string];
const files = readdirSync(folder).filter((file) => file.endsWith('.csv'));
const read = (wanted: RegExp): string => {
  const path = join(
    folder,
    files.find((file) => wanted.test(file))!,
  ).replaceAll("'", "''");
  return `read_csv('${path}', header = true, all_varchar = true, quote = '"', escape = '"', strict_mode = false, null_padding = true)`;
};

const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: '1GB',
  threads: '2',
  temp_directory: temp,
  preserve_insertion_order: 'false',
});
const connection = await instance.connect();
await connection.run(`create table tax as select * from ${read(/BGMOPEN1/u)}`);
await connection.run(`create table company as select * from ${read(/含營業項目/u)}`);
await connection.run(`create table by_item as select * from ${read(/公司登記-依營業項目/u)}`);
await connection.run(`create table business as select * from ${read(/商業登記/u)}`);
const joined = await connection.runAndReadAll(`
  select count(*), count(t.統一編號), count(i.統一編號), count(b.統一編號)
  from company c left join tax t using (統一編號) left join by_item i using (統一編號) left join business b using (統一編號)`);
console.log(joined.getRows()[0]?.join(' '));
connection.closeSync();
instance.closeSync();
