import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { zipSync } from 'fflate';
import { previewSource, type SourcePreview } from './preview.ts';

async function preview(content: string | Uint8Array, choice = {}): Promise<SourcePreview> {
  const folder = await mkdtemp(join(tmpdir(), 'xinlai-preview-'));
  try {
    const path = join(folder, 'x');
    await writeFile(path, content);
    return await previewSource({ path, name: 'list-1121130.csv', choice });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('preview', () => {
  it('shows kind, layout, mapping and the first twenty rows of a file that is known', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => `22099131;甲${index};112;5`).join('\n');
    const seen = await preview(`函復\n統一編號;名稱;年度;日均餘額\n${rows}\n`);
    assert.equal(seen.kind, 'fsc_reply');
    assert.equal(seen.separator, ';');
    assert.equal(seen.headerRow, 2);
    assert.equal(seen.sample.length, 20);
    assert.deepEqual(seen.mapping, { ubn: '統一編號', name: '名稱', year: '年度', balance: '日均餘額' });
    assert.equal(seen.dataDate?.toString(), '2023-11-30');
  });

  it('says for an unknown file what the nearest kinds would take, and takes the mapping of a person', async () => {
    const content = '編號,名稱,年度,金額\n22099131,甲,112,5\n';
    const seen = await preview(content);
    assert.equal(seen.kind, null);
    assert.equal(seen.problem?.code, 'unknown_headers');
    assert.ok(
      seen.candidates.some((fit) => fit.kind === 'fsc_reply' && fit.missing.includes('代理收付日均餘額')),
    );
    const mapped = await preview(content, { kind: 'fsc_reply', columns: { ubn: '編號', balance: '金額' } });
    assert.equal(mapped.kind, 'fsc_reply');
    assert.equal(mapped.mapping['balance'], '金額');
  });

  it('shows no personal data', async () => {
    const seen = await preview('統一編號,公司名稱,負責人,聯絡電話\n22099131,甲,王小明,0912345678\n');
    assert.doesNotMatch(JSON.stringify(seen), /王小明|0912345678/);
  });

  it('lists every part of an archive and shows the first that is known', async () => {
    const seen = await preview(
      zipSync({ 'a.txt': Buffer.from('hello\n'), 'b.csv': Buffer.from('名稱,網域,月均流量\n甲,a.tw,5\n') }),
    );
    assert.equal(seen.kind, 'traffic');
    assert.deepEqual(
      seen.parts.map((part) => part.problem?.code ?? part.kind),
      ['unknown_headers', 'traffic'],
    );
  });

  it('names what is wrong with a file that is no table', async () => {
    assert.equal((await preview('')).problem?.code, 'empty_file');
    assert.equal((await preview('{"a":1}')).problem?.code, 'json_instead_of_table');
  });
});
