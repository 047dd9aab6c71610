import { useQueryClient } from '@tanstack/react-query';
import { call, useAnswer, type SavedViews } from '#web/index';
import { routes } from '../contract.ts';

/** Views of a page kept by the server: the person's own, and those that colleagues share. */
export function useSavedViews(page: string): SavedViews {
  const client = useQueryClient();
  const answer = useAnswer(routes.listSavedViews, {});
  const again = () => client.invalidateQueries({ queryKey: [routes.listSavedViews.url] });
  return {
    views: (answer.data?.items ?? []).filter((view) => view.page === page),
    save: async (name, query) => {
      await call(routes.createSavedView, { body: { name, page, query } });
      await again();
    },
    remove: async (id) => {
      await call(routes.deleteSavedView, { params: { id } });
      await again();
    },
  };
}
