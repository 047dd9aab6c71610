/** The messaging API: one object for registration, validation, reference and typed calls. Each area adds its own routes. */
import { messageRoutes } from './accept/messages-contract.ts';
import { accountRoutes } from './agency-smpp/accounts-contract.ts';
import { catalogueRoutes } from './catalogue/catalogue-contract.ts';
import { oversightRoutes } from './catalogue/oversight-contract.ts';
import { batchRoutes } from './batches/batches-contract.ts';
import { reportRoutes } from './batches/report-contract.ts';
import { checkRoutes } from './check/check-contract.ts';
import { linkRoutes } from './dispatch/links-contract.ts';
import { simulatorRoutes } from './simulator/phones-contract.ts';

export const routes = {
  ...batchRoutes,
  ...reportRoutes,
  ...messageRoutes,
  ...accountRoutes,
  ...catalogueRoutes,
  ...oversightRoutes,
  ...checkRoutes,
  ...linkRoutes,
  ...simulatorRoutes,
};
