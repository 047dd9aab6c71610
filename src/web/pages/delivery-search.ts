import { oneOf, text } from '../client/search-params.ts';

/** Filters of the list of deliveries. */
export const deliverySearch = { state: oneOf('waiting', 'delivered', 'failed'), type: text(100) };
