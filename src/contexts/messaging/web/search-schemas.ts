import { flag, isoDay, oneOf, text } from '#web/index';
import { batchStates, serviceStates } from './words.ts';

/** Filters that the pages take from the address. */
export const phonesSearch = { q: text(20) };
export const messagesSearch = { serviceId: text(60) };
export const newMessageSearch = { version: text(60) };
export const batchesSearch = { state: oneOf(...batchStates), serviceId: text(60) };
export const batchSearch = { which: oneOf('bad', 'duplicates', 'flagged') };
export const retrySearch = { unknown: flag() };
export const newBatchSearch = { version: text(60) };
export const servicesSearch = { state: oneOf(...serviceStates) };
export const templatesSearch = { serviceId: text(60) };
export const newTemplateSearch = { service: text(60) };
export const newVersionSearch = { from: text(60) };
export const quotaSearch = { from: isoDay(), until: isoDay(), serviceId: text(60) };
/** Cursors of the lists that stand on one page. */
export const approvalsSearch = { batches: text(400), versions: text(400) };
export const agenciesSearch = { waiting: text(400), quotas: text(400), services: text(400) };
