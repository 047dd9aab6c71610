import { call, type SearchHit } from '#web/index';
import { routes } from '../contract.ts';
import { registerClassWord, statusWord } from './words.ts';

/** Operators for the global search: by UBN, part of a name, or brand. */
export async function operatorHits(q: string, signal: AbortSignal): Promise<readonly SearchHit[]> {
  const { items } = await call(
    routes.searchOperators,
    { query: { q: q.slice(0, 80), limit: 8 } },
    { signal },
  );
  return items.flatMap((hit) =>
    hit.ubn === null
      ? []
      : [
          {
            id: `operator-${hit.ubn}`,
            title: hit.matchedName === null ? hit.name : `${hit.name}（${hit.matchedName}）`,
            detail: [
              hit.ubn,
              hit.status === null ? registerClassWord(hit.registerClass).label : statusWord(hit.status).label,
              hit.address ?? '',
            ]
              .filter(Boolean)
              .join(' · '),
            icon: 'building' as const,
            target: { to: '/operators/$ubn', params: { ubn: hit.ubn } },
          },
        ],
  );
}
