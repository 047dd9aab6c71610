import { operatorErrors } from './errors.ts';
import { sourceKinds } from './sources/source-kinds.ts';
import { templateCsv } from './sources/templates.ts';

const ogdl = { zh: '政府資料開放授權條款－第1版', en: 'Open Government Data License, version 1.0' };
const closed = { zh: '不公開，僅供監理使用', en: 'not public, for supervision only' };

/** The sources that an import recognises, for the import page and the reference. */
export function listSourceKinds() {
  return sourceKinds.map((info) => ({
    kind: info.kind,
    title: { zh: info.zh, en: info.en },
    publisher: { zh: info.publisher, en: info.publisher },
    open: info.access === 'open',
    licence: info.access === 'open' ? ogdl : closed,
    attribution: info.attributionId,
    headers: info.columns.map(({ key, header, required }) => ({ key, name: header, required })),
    template: info.access === 'closed',
  }));
}

/** The CSV template of a closed upload. Throws `operators.unknown_kind`, `operators.no_template`. */
export function templateOf(kind: string): { name: string; text: string } {
  const info = sourceKinds.find((one) => one.kind === kind);
  if (info === undefined) throw operatorErrors.unknown_kind({ kind });
  if (info.access === 'open') throw operatorErrors.no_template({ kind });
  return { name: `${info.zh}.csv`, text: templateCsv(info.kind) };
}

/** True for the name of a source that an import can be told to read. */
export function isSourceKind(kind: string): boolean {
  return sourceKinds.some((info) => info.kind === kind);
}
