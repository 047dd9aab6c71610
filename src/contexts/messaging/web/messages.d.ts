import type { Message } from '#web/message-catalogue';
import type zh from './messages/zh-TW.json';

declare module '#web/message-catalogue' {
  interface Catalogue extends Record<keyof typeof zh, Message> {}
}
