import { useNavigate } from '@tanstack/react-router';
import { authRoutes } from '#platform/auth/contract';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ConfirmPage } from '../components/confirm-page.tsx';
import { Instant } from '../components/figures.tsx';
import { FoundPage } from './found-page.tsx';

/** Ends a key at once. */
export default function KeyRevokePage() {
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.page_keys(), to: '/developer/keys' };
  return (
    <FoundPage route={authRoutes.listKeys} title={m.page_key_revoke()} back={back}>
      {(key) => (
        <ConfirmPage
          title={m.key_revoke_of({ name: key.name })}
          back={back}
          consequence={m.key_revoke_text()}
          facts={[
            { label: m.field_name(), value: key.name },
            { label: m.key_prefix(), value: <code className="x-code">{key.visiblePrefix}…</code> },
            { label: m.key_last_used(), value: <Instant at={key.lastUsedAt} ago /> },
          ]}
          mustType={key.name}
          confirmLabel={m.key_revoke()}
          onConfirm={async () => {
            await act(authRoutes.revokeKey, { params: { id: key.id } });
            await navigate({ to: back.to });
          }}
        />
      )}
    </FoundPage>
  );
}
