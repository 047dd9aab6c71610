/** Route → use case: the sandbox's telecoms and phones. Registered in a sandbox alone. */
import type { FastifyInstance } from 'fastify';
import { defineErrors } from '#platform/errors';
import { registerRoutes } from '#platform/http/routes';
import { simulatorRoutes } from './phones-contract.ts';
import type { SandboxTelecom, SandboxTelecoms } from './sandbox-telecoms.ts';

const errors = defineErrors('messaging', {
  simulated_telecom_not_found: {
    status: 404,
    zh: '沒有模擬電信 {id}。',
    en: 'there is no simulated telecom {id}.',
  },
});

export function registerSimulatorRoutes(app: FastifyInstance, sandbox: () => SandboxTelecoms | null): void {
  const all = (): readonly SandboxTelecom[] => sandbox()?.telecoms ?? [];
  registerRoutes(app, simulatorRoutes, {
    listSimulatedPhones: async ({ query: { search = '', limit = 24 } }) => {
      const phones = all().flatMap(({ smsc }) =>
        smsc.phones({ search, limit }).map((phone) => ({ phone, smsc })),
      );
      phones.sort((a, b) => b.phone.last.at.getTime() - a.phone.last.at.getTime());
      return {
        items: phones.slice(0, limit).map(({ phone, smsc }) => ({
          number: phone.number,
          telecom: smsc.name,
          received: phone.received,
          texts: smsc.textsOf(phone.number).map((text) => ({ ...text, at: text.at.toISOString() })),
        })),
      };
    },
    listSimulatedTelecoms: async () => ({ items: all().map((one) => show(one)) }),
    turnSimulatedTelecom: async ({ params, body }) => {
      const found = all().find(({ id }) => id === params.id);
      if (found === undefined) throw errors.simulated_telecom_not_found({ id: params.id });
      found.smsc.turn(body);
      return show(found);
    },
  });
}

const show = ({ id, smsc }: SandboxTelecom) => ({
  id,
  name: smsc.name,
  port: smsc.port,
  binds: smsc.binds.length,
  waitingReceipts: smsc.waitingReceipts,
  counters: { ...smsc.counters },
  dials: { ...smsc.dials },
});
