/** The messaging API: one object for registration, validation, reference and typed calls. Each area adds its own routes. */
export const routes = {};
