import { Button } from '@mantine/core';
import { useState } from 'react';
import { m } from 'virtual:messages';
import { ButtonLink, Notice, problemText, useAct, useMay } from '#web/index';
import type { LinkView } from '../dispatch/links-contract.ts';
import { routes } from '../contract.ts';

/** Test at once; drain and enable at once, for both are undone by a press; disabling has a page of its own. */
export function LinkActs({ link }: { readonly link: LinkView }) {
  const may = useMay('messaging.links');
  const act = useAct();
  const [busy, setBusy] = useState<string | null>(null);
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  if (!may) return null;
  const run = async (
    name: string,
    work: () => Promise<{ ok: boolean; text: string } | null>,
  ): Promise<void> => {
    setBusy(name);
    setSaid(null);
    try {
      setSaid(await work());
    } catch (error) {
      setSaid({ ok: false, text: problemText(error as Error) });
    } finally {
      setBusy(null);
    }
  };
  const params = { id: link.id };
  const test = () =>
    run('test', async () => {
      const { ok, milliseconds, problem } = await act(routes.testLink, { params });
      return {
        ok,
        text: ok
          ? m.messaging_link_test_ok({ count: milliseconds })
          : m.messaging_link_test_failed({ problem: problem ?? '' }),
      };
    });
  const turn = (state: LinkView['state']) =>
    run(state, async () => {
      await act(routes.changeLink, { params, body: { state } });
      return null;
    });
  return (
    <div className="ms-link__acts">
      <Button variant="default" loading={busy === 'test'} onClick={() => void test()}>
        {m.messaging_link_test()}
      </Button>
      {link.state === 'enabled' ? (
        <Button variant="default" loading={busy === 'draining'} onClick={() => void turn('draining')}>
          {m.messaging_link_drain()}
        </Button>
      ) : (
        <Button loading={busy === 'enabled'} onClick={() => void turn('enabled')}>
          {m.messaging_link_enable()}
        </Button>
      )}
      {link.state === 'disabled' ? null : (
        <ButtonLink to="/messaging/links/$id/disable" params={params}>
          {m.messaging_link_disable()}
        </ButtonLink>
      )}
      {said === null ? null : <Notice tone={said.ok ? 'success' : 'danger'}>{said.text}</Notice>}
    </div>
  );
}
