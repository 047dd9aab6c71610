import { m } from 'virtual:messages';
import type { Contribution } from '#web/index';
import {
  batchesSearch,
  batchSearch,
  messagesSearch,
  newBatchSearch,
  retrySearch,
  newMessageSearch,
  newTemplateSearch,
  newVersionSearch,
  phonesSearch,
  servicesSearch,
  templatesSearch,
} from './search-schemas.ts';

const access = 'messaging.read';

/** Texts under short code 111 in the console. */
const messaging: Contribution = {
  pages: [
    {
      path: '/messaging/batches',
      title: () => m.messaging_page_batches(),
      load: () => import('./batches.tsx'),
      access,
      search: batchesSearch,
      nav: { group: 'texts', order: 1, icon: 'mail' },
      words: 'batches csv recipients 批次 名單',
    },
    {
      path: '/messaging/batches/new',
      title: () => m.messaging_page_batch_new(),
      load: () => import('./batch-new.tsx'),
      access: 'messaging.send',
      search: newBatchSearch,
      words: 'batch upload 上傳 名單',
    },
    {
      path: '/messaging/batches/$id',
      title: () => m.messaging_batch(),
      load: () => import('./batch.tsx'),
      access,
      search: batchSearch,
    },
    {
      path: '/messaging/batches/$id/cancel',
      title: () => m.messaging_cancel_batch(),
      load: () => import('./batch-cancel.tsx'),
      access: 'messaging.send',
    },
    {
      path: '/messaging/batches/$id/retry',
      title: () => m.messaging_retry(),
      load: () => import('./batch-retry.tsx'),
      access: 'messaging.send',
      search: retrySearch,
    },
    {
      path: '/messaging/messages',
      title: () => m.messaging_page_messages(),
      load: () => import('./message-list.tsx'),
      access,
      search: messagesSearch,
      nav: { group: 'texts', order: 2, icon: 'text' },
      words: 'messages sms texts 簡訊 單則',
    },
    {
      path: '/messaging/messages/new',
      title: () => m.messaging_page_message_new(),
      load: () => import('./message-new.tsx'),
      access: 'messaging.send-team',
      search: newMessageSearch,
      words: 'send sms 發送',
    },
    {
      path: '/messaging/messages/$id',
      title: () => m.messaging_page_message(),
      load: () => import('./message.tsx'),
      access,
    },
    {
      path: '/messaging/services',
      title: () => m.messaging_page_services(),
      load: () => import('./services.tsx'),
      access,
      search: servicesSearch,
      nav: { group: 'texts', order: 5, icon: 'building' },
      words: 'services contact 聯絡電話',
    },
    {
      path: '/messaging/services/new',
      title: () => m.messaging_page_service_new(),
      load: () => import('./service-new.tsx'),
      access: 'messaging.services',
    },
    {
      path: '/messaging/services/$id',
      title: () => m.messaging_service(),
      load: () => import('./service.tsx'),
      access,
    },
    {
      path: '/messaging/services/$id/edit',
      title: () => m.messaging_change_service(),
      load: () => import('./service-edit.tsx'),
      access: 'messaging.services',
    },
    {
      path: '/messaging/services/$id/pause',
      title: () => m.messaging_pause_service(),
      load: () => import('./service-pause.tsx'),
      access: 'messaging.services',
    },
    {
      path: '/messaging/templates',
      title: () => m.messaging_page_templates(),
      load: () => import('./templates.tsx'),
      access,
      search: templatesSearch,
      nav: { group: 'texts', order: 4, icon: 'table' },
      words: 'templates versions 範本 版本',
    },
    {
      path: '/messaging/templates/new',
      title: () => m.messaging_page_template_new(),
      load: () => import('./template-new.tsx'),
      access: 'messaging.templates',
      search: newTemplateSearch,
    },
    {
      path: '/messaging/templates/$id',
      title: () => m.messaging_page_template(),
      load: () => import('./template.tsx'),
      access,
    },
    {
      path: '/messaging/templates/$id/write',
      title: () => m.messaging_page_version_new(),
      load: () => import('./version-new.tsx'),
      access: 'messaging.templates',
      search: newVersionSearch,
    },
    {
      path: '/messaging/versions/$id',
      title: () => m.messaging_version(),
      load: () => import('./version.tsx'),
      access,
    },
    {
      path: '/messaging/versions/$id/withdraw',
      title: () => m.messaging_withdraw_version(),
      load: () => import('./version-withdraw.tsx'),
      access: 'messaging.templates',
    },
    {
      path: '/messaging/phones',
      title: () => m.messaging_page_phones(),
      load: () => import('./phones.tsx'),
      access,
      sandboxOnly: true,
      search: phonesSearch,
      nav: { group: 'texts', order: 9, icon: 'phone' },
      words: 'phones wall simulator 模擬 手機',
    },
  ],
};

export default messaging;
