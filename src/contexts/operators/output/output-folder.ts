/** The folder that a run is written into, and what will stand in it. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The files of a result, in the order of writing. */
export const resultFiles = ['findings.json', 'findings.xlsx', 'findings.ods', 'rejected.csv'] as const;

/** The folder cannot take the results; the message says why, in Chinese and English. */
export class OutputFolderError extends Error {}

/** Makes the folder where it is missing. Throws `OutputFolderError` where it cannot be written to. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    if (!(await stat(folder)).isDirectory())
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new OutputFolderError(
      `無法寫入輸出資料夾 ${folder}（${code}）。 Cannot write to the output folder ${folder} (${code}).`,
    );
  }
}

/** Not `recursive`: below /proc, where a folder that exists refuses with ENOENT, that never ends. */
async function makeFolder(folder: string): Promise<void> {
  const exists = await stat(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (exists) return;
  await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
