import { defineErrors } from '../errors.ts';

/** What the HTTP layer itself refuses. */
export const httpErrors = defineErrors('http', {
  not_found: {
    status: 404,
    zh: '沒有 {method} {path} 這個位址。可用的位址見 /docs。',
    en: 'there is no {method} {path}. See /docs for what exists.',
  },
  method_not_allowed: {
    status: 405,
    zh: '{path} 不接受 {method}，請改用 {allowed}。',
    en: '{path} does not take {method}; use {allowed}.',
  },
  invalid: {
    status: 422,
    zh: '輸入有 {count} 處不正確，見 errors。',
    en: 'the input is wrong in {count} place(s); see errors.',
  },
  malformed: {
    status: 400,
    zh: '無法讀取請求內容：{problem}',
    en: 'the request cannot be read: {problem}',
  },
  too_slow: {
    status: 408,
    zh: '請求內容傳送太慢，已中止。請檢查網路後重新傳送。',
    en: 'the request came in too slowly and was ended. Check the network and send it again.',
    retryable: true,
  },
  too_large: {
    status: 413,
    zh: '請求內容超過上限 {limit}。',
    en: 'the request is larger than the limit of {limit}.',
  },
  unsupported_media_type: {
    status: 415,
    zh: '不支援的內容類型 {type}。請改用 {wanted}。',
    en: 'the content type {type} is not supported. Use {wanted}.',
  },
  unauthenticated: {
    status: 401,
    zh: '請先登入，或附上有效的 API 金鑰（Authorization: Bearer …）。',
    en: 'sign in first, or send a valid API key (Authorization: Bearer …).',
  },
  forbidden: {
    status: 403,
    zh: '您的身分沒有 {permission} 的權限。請洽貴機關的管理者。',
    en: 'you do not have the permission {permission}. Ask an administrator of your organisation.',
  },
  too_many_requests: {
    status: 429,
    zh: '請求太頻繁，請於 {seconds} 秒後再試。',
    en: 'too many requests; try again in {seconds} seconds.',
    retryable: true,
  },
  bad_cursor: {
    status: 400,
    zh: '分頁標記 cursor 不正確，請從第一頁重新開始。',
    en: 'the cursor is not valid; start again from the first page.',
  },
  cross_site: {
    status: 403,
    zh: '此請求來自其他網站，已拒絕。',
    en: 'this request came from another site and was refused.',
  },
  unexpected: {
    status: 500,
    zh: '系統發生未預期的錯誤，已記錄。請以請求編號 {requestId} 洽詢。',
    en: 'something went wrong and was logged. Quote the request id {requestId}.',
    retryable: true,
  },
});
