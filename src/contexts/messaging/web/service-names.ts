import { useAnswer, useMay } from '#web/index';
import type { Service } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';

export interface ServiceNames {
  readonly list: readonly Service[];
  /** The name by id; the id itself where it is not known. */
  readonly nameOf: (id: string) => string;
}

/** The services of the agency, the first 200, for choices and to name them in tables. */
export function useServiceNames(): ServiceNames {
  const mayRead = useMay('messaging.read');
  const { data } = useAnswer(routes.listServices, { query: { limit: 200 } }, { enabled: mayRead });
  const list = data?.items ?? [];
  return { list, nameOf: (id) => list.find((service) => service.id === id)?.name ?? id };
}
