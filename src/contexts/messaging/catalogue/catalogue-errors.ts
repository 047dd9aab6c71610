import { defineErrors } from '#platform/errors';

/** Refusals of services, templates, versions and quota. */
export const catalogueErrors = defineErrors('messaging', {
  service_not_found: {
    status: 404,
    zh: '沒有服務 {id}。請確認編號，以及所屬機關與環境（測試或正式）。',
    en: 'there is no service {id}. Check the id, the agency and the space (test or live).',
  },
  service_paused: {
    status: 409,
    zh: '服務 {id} 已暫停，請先恢復再發送。',
    en: 'the service {id} is paused; resume it before sending.',
  },
  service_held: {
    status: 403,
    zh: '服務 {id} 由主管機關暫停，須由主管機關恢復。',
    en: 'the ministry paused the service {id}; only the ministry can resume it.',
  },
  service_on_trial: {
    status: 409,
    zh: '服務 {id} 尚未正式上線，只能發給團隊號碼。請向主管機關申請上線。',
    en: 'the service {id} is on trial and reaches team numbers only. Ask the ministry to take it live.',
  },
  service_name_taken: {
    status: 409,
    zh: '貴機關已有名為「{name}」的服務。',
    en: 'your agency has a service named "{name}".',
  },
  service_name_in_use: {
    status: 409,
    zh: '服務已有範本版本，名稱不能再改：簡訊開頭的名稱已隨版本凍結。請另建服務。',
    en: 'the service has template versions, which froze its name. Make another service.',
  },
  service_name_unfit: {
    status: 422,
    zh: '服務名稱須為 2 至 40 字的機關或服務全名，不可含有冒號、網址、電話、換行或看不見的字元，也不可以數字開頭。',
    en: 'a service name is the full name of the agency or service, 2 to 40 characters, without colon, address, number, line break or invisible characters, and begins with no digit.',
  },
  service_state: {
    status: 409,
    zh: '服務 {id} 的狀態是 {state}，不能這樣變更。',
    en: 'the service {id} is {state} and cannot be changed like that.',
  },
  service_not_ready: {
    status: 409,
    zh: '服務 {id} 還沒有核准的範本版本與聯絡電話，不能上線。',
    en: 'the service {id} has no approved template version and contact number yet; it cannot go live.',
  },
  contact_unfit: {
    status: 422,
    zh: '「{value}」不是民眾可以從手機直接撥打的電話。請填市話、0800、0809、070 或簡碼（如 1922），不含分機。',
    en: '"{value}" cannot be dialled from a text. Give a landline, 0800, 0809, 070 or short code (such as 1922) without extension.',
  },
  contact_in_use: {
    status: 409,
    zh: '電話 {value} 仍是已核准或待核准範本的聯絡電話，請先停用那些版本。',
    en: 'the number {value} is the contact of versions that are approved or await approval; withdraw those first.',
  },
  link_host_unfit: {
    status: 422,
    zh: '「{value}」不能登記。請填 .gov.tw 之下的主機名稱，例如 www.moda.gov.tw，不含 https:// 與路徑。',
    en: '"{value}" cannot be registered. Give a host below .gov.tw such as www.moda.gov.tw, without https:// and path.',
  },
  team_number_unfit: {
    status: 422,
    zh: '第 {place} 個團隊號碼不是臺灣的行動電話號碼。',
    en: 'team number {place} is no mobile number of Taiwan.',
  },
  template_not_found: {
    status: 404,
    zh: '沒有範本 {id}。請確認編號，以及所屬機關與環境（測試或正式）。',
    en: 'there is no template {id}. Check the id, the agency and the space (test or live).',
  },
  template_name_taken: {
    status: 409,
    zh: '這項服務已有名為「{name}」的範本。',
    en: 'the service has a template named "{name}".',
  },
  version_not_found: {
    status: 404,
    zh: '沒有範本版本 {id}。請確認編號，以及所屬機關與環境（測試或正式）。',
    en: 'there is no template version {id}. Check the id, the agency and the space (test or live).',
  },
  version_not_approved: {
    status: 409,
    zh: '範本版本 {id} 的狀態是 {state}，只有已核准的版本可以發送。',
    en: 'the template version {id} is {state}; only an approved one can be sent.',
  },
  version_state: {
    status: 409,
    zh: '範本版本 {id} 的狀態是 {state}，不能這樣處理。',
    en: 'the template version {id} is {state}; this cannot be done with it.',
  },
  version_changed: {
    status: 409,
    zh: '範本版本 {id} 的內容與核准時的雜湊不符，已停止使用。請通知系統管理者，並建立新版本。',
    en: 'the template version {id} is not what was approved (its hash differs) and is not used. Tell the operator of the platform and make a new version.',
  },
  version_contact_gone: {
    status: 409,
    zh: '範本版本 {id} 的聯絡電話已不在服務的登記之中，不能發送。請重新登記，或以新電話建立版本。',
    en: 'the contact number of the template version {id} is no longer registered. Register it again or make a version with another.',
  },
  version_unfit: {
    status: 422,
    zh: '範本不能採用（{codes}）；每一項的位置與說明見 errors。',
    en: 'the template cannot be taken ({codes}); errors says where and what of each.',
  },
  version_same_person: {
    status: 403,
    zh: '撰寫或送審的人不能核准自己的範本，以自己建立的金鑰也不行。請由另一人審核。',
    en: 'whoever wrote or submitted a version cannot decide on it, nor by a key of their own. Another person has to.',
  },
  version_ministry_decides: {
    status: 403,
    zh: '這是貴機關的第一個範本，機關已審核，現由主管機關核定。',
    en: 'this is the first template of your agency; the agency approved it, now the ministry decides.',
  },
  decision_reason_missing: {
    status: 422,
    zh: '退回時請寫明理由，讓撰寫的人知道如何修改。',
    en: 'say why it is rejected, so that its author knows what to change.',
  },
  preview_subject: {
    status: 422,
    zh: '請給 versionId，或 serviceId 與 draft。',
    en: 'give versionId, or serviceId and draft.',
  },
  preview_number: {
    status: 422,
    zh: '試看的號碼須為臺灣的行動電話號碼，或三位數字的末三碼。',
    en: 'the sample number is a mobile number of Taiwan, or its last three digits.',
  },
  format_pack_not_found: {
    status: 404,
    zh: '沒有格式規則 {id}。',
    en: 'there is no format pack {id}.',
  },
  quota_not_set: {
    status: 409,
    zh: '主管機關尚未訂定貴機關的簡訊額度，不能發送。',
    en: 'the ministry has not set a quota for your agency yet; nothing can be sent.',
  },
  quota_exceeded: {
    status: 409,
    zh: '本月額度 {limit} 則已用 {used} 則，不足以再發 {parts} 則。請減少數量，或向主管機關申請增加額度。',
    en: '{used} of {limit} parts of this month are used; {parts} more do not fit. Send less or ask the ministry for more.',
  },
});
