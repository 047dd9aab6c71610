import type zh from './messages/zh-TW.json';

/** One compiled message: placeholders of the text by name. */
export type Message = (values?: Readonly<Record<string, string | number>>) => string;

/**
 * Every message of the console. A context adds its own beside its pages, in `web/messages.d.ts`:
 * `declare module '#web/message-catalogue' { interface Catalogue extends Record<keyof typeof zh, Message> {} }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- an interface, so that contexts can add to it
export interface Catalogue extends Record<keyof typeof zh, Message> {}
