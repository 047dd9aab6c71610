/** The outside world of a sandbox: three telecoms over TCP on loopback, and the database of ported numbers. */
import { randomBytes } from 'node:crypto';
import type { PortabilityLookup } from '../routing/portability.ts';
import { telecoms, type Telecom as TelecomId } from '../routing/telecoms.ts';
import { createPortabilitySimulator } from './portability-simulator.ts';
import { createTelecom, type Telecom } from './telecom.ts';

export interface SandboxTelecom {
  readonly id: TelecomId;
  readonly smsc: Telecom;
  readonly systemId: string;
  readonly password: string;
}

export interface SandboxTelecoms {
  readonly telecoms: readonly SandboxTelecom[];
  readonly portability: PortabilityLookup;
  close(): Promise<void>;
}

/** Invented names: no real telecom is shown to fail. */
const names: Readonly<Record<TelecomId, string>> = {
  cht: '海東電信（模擬）',
  twm: '北辰行動（模擬）',
  fet: '南星通訊（模擬）',
};
/** Parts a second of a bind, as a contract would say. */
export const SANDBOX_RATE = 100;

export async function startSandboxTelecoms(): Promise<SandboxTelecoms> {
  const started = await Promise.all(
    telecoms.map(async (id, index): Promise<SandboxTelecom> => {
      const systemId = `xinlai-${id}`;
      // Eight octets (SMPP 3.4 §5.2.2), new at every start.
      const password = randomBytes(4).toString('hex');
      const smsc = await createTelecom({
        name: names[id],
        port: 0,
        seed: index + 1,
        accounts: { [systemId]: password },
        dials: {
          responseMs: 20,
          responseJitterMs: 20,
          receiptMs: 800,
          receiptJitterMs: 700,
          rate: SANDBOX_RATE,
        },
        phones: 2000,
        textsPerPhone: 10,
      });
      return { id, smsc, systemId, password };
    }),
  );
  const simulator = createPortabilitySimulator<TelecomId>({ seed: 1, telecoms });
  return {
    telecoms: started,
    portability: {
      async portedTo(numbers) {
        const answers = await simulator.lookUpAll(numbers.map((number) => `0${number}`));
        const ported = new Map<string, TelecomId>();
        answers.forEach((answer, place) => {
          if (answer?.isPorted === true) ported.set(numbers[place] as string, answer.telecom);
        });
        return ported;
      },
    },
    async close() {
      await Promise.all(started.map(({ smsc }) => smsc.close()));
    },
  };
}
