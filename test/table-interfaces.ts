import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A table as its row interface states it: `job.caller` is nullable or not. */
export interface StatedTable {
  readonly file: string;
  readonly schema: string;
  readonly table: string;
  /** Column → true where the interface admits null. */
  readonly columns: ReadonlyMap<string, boolean>;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

interface Member extends Node {
  readonly key: { readonly name?: string; readonly value?: string };
  readonly typeAnnotation?: { readonly typeAnnotation: Node };
}

/**
 * Reads every interface named `<Something>Tables` in a `tables.ts`, or where a part keeps it. Its schema is the name of
 * the folder. A table is either written out in place or the name of a row interface of the same file.
 */
export function readStatedTables(root: string): StatedTable[] {
  const files = globSync(['src/platform/*/*.ts', 'src/contexts/*/*.ts'], { cwd: root }).sort();
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return /interface \w+Tables\b/.test(text) ? tablesOf(file, text) : [];
  });
}

function tablesOf(file: string, text: string): StatedTable[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message ?? 'cannot be parsed'}`);
  const members = new Map<string, readonly Member[]>();
  const aliases = new Map<string, Node>();
  for (const statement of program.body as unknown as Node[]) {
    const declared = (statement['declaration'] ?? statement) as Node;
    const name = (declared['id'] as { name?: string } | undefined)?.name;
    if (name === undefined) continue;
    if (declared.type === 'TSInterfaceDeclaration')
      members.set(name, (declared['body'] as { body: Member[] }).body);
    if (declared.type === 'TSTypeAliasDeclaration') aliases.set(name, declared['typeAnnotation'] as Node);
  }
  const rowsOf = (type: Node | undefined): readonly Member[] => {
    if (type?.type === 'TSTypeLiteral') return type['members'] as Member[];
    return members.get(referenceOf(type) ?? '') ?? [];
  };
  return [...members]
    .filter(([name]) => name.endsWith('Tables'))
    .flatMap(([, tables]) => tables)
    .map((member) => ({
      file,
      schema: file.split('/')[2] ?? '',
      table: nameOf(member),
      columns: new Map(
        rowsOf(member.typeAnnotation?.typeAnnotation).map((column) => [
          nameOf(column),
          admitsNull(column.typeAnnotation?.typeAnnotation, aliases),
        ]),
      ),
    }));
}

const nameOf = (member: Member): string => member.key.name ?? member.key.value ?? '';

function referenceOf(type: Node | undefined): string | undefined {
  return (type?.['typeName'] as { name?: string } | undefined)?.name;
}

/** True for `T | null`, for an alias of it, and for `Generated<T | null>`, `ColumnType<T | null, …>`. */
function admitsNull(type: Node | undefined, aliases: ReadonlyMap<string, Node>): boolean {
  if (type === undefined) return false;
  if (type.type === 'TSNullKeyword') return true;
  if (type.type === 'TSUnionType') return (type['types'] as Node[]).some((one) => admitsNull(one, aliases));
  const reference = referenceOf(type);
  const [first] = (type['typeArguments'] as { params?: Node[] } | undefined)?.params ?? [];
  if (reference !== undefined && ['Generated', 'ColumnType', 'Defaulted'].includes(reference))
    return admitsNull(first, aliases);
  const alias = reference === undefined ? undefined : aliases.get(reference);
  return alias !== undefined && admitsNull(alias, aliases);
}
