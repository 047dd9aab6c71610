import { authRoutes } from '#platform/auth/contract';
import { pick, useAnswer, useMay } from '#web/index';

/** Names of the organisations on the platform, for who may see them; the id where a name is not known. */
export function useAgencyNames(): (id: string) => string {
  const may = useMay('organisations.manage');
  const { data } = useAnswer(authRoutes.listOrganisations, { query: { limit: 200 } }, { enabled: may });
  return (id) => {
    const found = data?.items.find((organisation) => organisation.id === id);
    return found === undefined ? id : pick({ zh: found.nameZh, en: found.nameEn });
  };
}
