import type { Kysely } from 'kysely';
import { foldText, parseCompanyName, similarity } from '#shared/company-name';
import { searchOperators } from './search.ts';
import type { OperatorsTables } from './tables.ts';

/** One query of the W3C Reconciliation Service API 0.2. */
export interface ReconciliationQuery {
  readonly query: string;
  readonly type?: string | undefined;
  readonly limit?: number | undefined;
  readonly properties?: readonly { readonly pid: string; readonly v: unknown }[] | undefined;
}

export interface ReconciliationCandidate {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: readonly { readonly id: string; readonly name: string }[];
  /** 0..100 */
  readonly score: number;
  readonly match: boolean;
  readonly features: readonly { readonly id: string; readonly value: number | boolean }[];
}

export const operatorType = { id: 'operator', name: '業者 Operator' } as const;

/** The service manifest: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/ */
export function manifest(baseUrl: string) {
  return {
    versions: ['0.1', '0.2'],
    name: '信賴 Xinlai 業者名冊',
    identifierSpace: `${baseUrl}/register/`,
    schemaSpace: `${baseUrl}/register/schema/`,
    defaultTypes: [operatorType],
    view: { url: `${baseUrl}/register/{{id}}` },
    preview: { url: `${baseUrl}/reconcile/preview/{{id}}`, width: 420, height: 160 },
    suggest: { entity: { service_url: baseUrl, service_path: '/reconcile/suggest/entity' } },
    batchSize: 50,
  };
}

/** Candidates for one query, best first. A valid UBN among the properties, or as the query, decides by itself. */
export async function reconcileQuery(
  db: Kysely<OperatorsTables>,
  query: ReconciliationQuery,
): Promise<ReconciliationCandidate[]> {
  const limit = Math.min(Math.max(query.limit ?? 5, 1), 20);
  const ubnGiven = query.properties?.find(({ pid }) => pid === 'ubn' || pid === '統一編號')?.v;
  const hits = await searchOperators(db, query.query, 20);
  const byUbn = typeof ubnGiven === 'string' ? await searchOperators(db, ubnGiven, 1) : [];
  const wanted = parseCompanyName(query.query);
  const scored = [...byUbn, ...hits]
    .filter(
      (hit, index, all) => hit.ubn !== null && all.findIndex((other) => other.ubn === hit.ubn) === index,
    )
    .map((hit) => {
      const named = parseCompanyName(hit.name);
      const sameFull = named.full === wanted.full;
      const sameCore =
        named.core === wanted.core || foldText(hit.matchedName ?? '') === foldText(query.query);
      const sameUbn = hit.ubn === foldText(query.query) || hit.ubn === ubnGiven;
      const likeness = sameFull ? 1 : sameCore ? 0.95 : similarity(named.core, wanted.core);
      const score = sameUbn ? 100 : Math.round(likeness * (hit.registerClass === 'gone' ? 90 : 99));
      return {
        hit,
        score,
        certain: sameUbn || sameFull,
        features: [
          { id: 'same_ubn', value: sameUbn },
          { id: 'same_full_name', value: sameFull },
          { id: 'name_similarity', value: Math.round(likeness * 100) / 100 },
        ],
      };
    })
    .sort((a, b) => b.score - a.score || String(a.hit.ubn).localeCompare(String(b.hit.ubn)));
  const certain = scored.filter((candidate) => candidate.certain);
  return scored.slice(0, limit).map(({ hit, score, features, certain: sure }) => ({
    id: hit.ubn as string,
    name: hit.name,
    description: [hit.ubn, hit.address].filter(Boolean).join(' · '),
    type: [operatorType],
    score,
    match: sure && certain.length === 1,
    features,
  }));
}
