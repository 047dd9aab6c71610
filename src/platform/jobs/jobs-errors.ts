import { defineErrors } from '../errors.ts';

export const jobErrors = defineErrors('jobs', {
  not_found: {
    status: 404,
    zh: '查無背景工作 {id}。',
    en: 'there is no job {id}.',
  },
  already_finished: {
    status: 409,
    zh: '背景工作 {id} 已結束，無法取消。',
    en: 'the job {id} has ended and cannot be cancelled.',
  },
  not_retryable: {
    status: 409,
    zh: '只有失敗或已取消的背景工作可以重試；{id} 目前為 {state}。',
    en: 'only a failed or cancelled job can be retried; {id} is {state}.',
  },
  same_under_way: {
    status: 409,
    zh: '相同的工作已在等候或執行中，請待其結束。',
    en: 'the same work is already waiting or running; wait until it ends.',
  },
  worker_died: {
    status: 500,
    zh: '執行此工作的程序在 {attempts} 次嘗試中皆意外終止。',
    en: 'the process that ran this job ended unexpectedly in each of {attempts} attempts.',
  },
  too_many_streams: {
    status: 429,
    zh: '同一身分開啟的即時進度連線過多，請關閉其他分頁，或於 {seconds} 秒後再試。',
    en: 'too many progress streams are open for this caller; close other tabs or try again in {seconds} seconds.',
    retryable: true,
  },
});
