import { audit } from './audit.ts';
import type { Campaign } from './campaign.ts';
import { messaging } from './messaging.ts';
import { outbox } from './outbox.ts';

/** Every campaign by its name. */
export const campaigns: Readonly<Record<string, Campaign>> = { audit, messaging, outbox };
