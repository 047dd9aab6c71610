import { defineErrors } from '../errors.ts';

/** What signing in, people, invitations and keys refuse. */
export const authErrors = defineErrors('auth', {
  sign_in_refused: {
    status: 401,
    zh: '電子郵件或密碼不正確。',
    en: 'the e-mail address or the password is not right.',
  },
  locked: {
    status: 429,
    zh: '嘗試次數過多，請於 {seconds} 秒後再試。',
    en: 'too many attempts; try again in {seconds} seconds.',
  },
  code_refused: {
    status: 401,
    zh: '驗證碼不正確或已使用過。請輸入驗證器目前顯示的六位數字。',
    en: 'the code is wrong or was used already. Enter the six digits that the authenticator shows now.',
  },
  challenge_expired: {
    status: 401,
    zh: '登入步驟已逾時，請從頭登入。',
    en: 'this sign-in took too long; start again.',
  },
  passkey_refused: {
    status: 401,
    zh: '無法以此通行密鑰登入。請改用密碼，或使用已登錄的裝置。',
    en: 'this passkey cannot sign in. Use the password, or a device that is registered.',
  },
  passkey_unverified: {
    status: 400,
    zh: '無法登錄此通行密鑰：{problem}。請重試，並以 PIN 或生物特徵確認。',
    en: 'this passkey cannot be registered: {problem}. Try again and confirm with PIN or biometrics.',
  },
  second_factor_needed: {
    status: 403,
    zh: '請先完成第二道驗證（驗證器或通行密鑰），才能使用其他功能。',
    en: 'show the second factor (authenticator or passkey) first; without it nothing else can be used.',
  },
  second_factor_exists: {
    status: 409,
    zh: '已設定驗證器。要更換請先停用原有的。',
    en: 'an authenticator is set up already. To change it, remove that one first.',
  },
  second_factor_absent: {
    status: 409,
    zh: '尚未設定驗證器。',
    en: 'no authenticator is set up yet.',
  },
  password_wrong: {
    status: 403,
    zh: '目前的密碼不正確。',
    en: 'the present password is not right.',
  },
  password_weak: {
    status: 422,
    zh: '密碼須為 12 至 128 個字元。',
    en: 'a password has 12 to 128 characters.',
  },
  token_invalid: {
    status: 400,
    zh: '此連結已使用過或已逾期，請重新申請。',
    en: 'this link was used already or has expired; ask for a new one.',
  },
  no_membership: {
    status: 403,
    zh: '您不屬於任何使用本平台的機關或組織。請洽貴機關的管理者。',
    en: 'you belong to no organisation on this platform. Ask an administrator of your organisation.',
  },
  oidc_unavailable: {
    status: 503,
    zh: '單一登入目前無法使用，請稍後再試或改用密碼。',
    en: 'single sign-on cannot be reached now; try later or use the password.',
    retryable: true,
  },
  oidc_refused: {
    status: 401,
    zh: '單一登入未提供已驗證的電子郵件，無法辨識您的帳號。',
    en: 'single sign-on gave no verified e-mail address, so your account cannot be found.',
  },
  refused: {
    status: 400,
    zh: '無法完成登入步驟（{code}）。',
    en: 'this sign-in step was refused ({code}).',
  },
  key_invalid: {
    status: 401,
    zh: 'API 金鑰不正確。',
    en: 'the API key is not valid.',
  },
  key_expired: {
    status: 401,
    zh: '此 API 金鑰已於 {at} 到期。請建立新的金鑰。',
    en: 'this API key expired at {at}. Create a new one.',
  },
  key_revoked: {
    status: 401,
    zh: '此 API 金鑰已停用。',
    en: 'this API key was revoked.',
  },
  key_address: {
    status: 403,
    zh: '此 API 金鑰不可從位址 {address} 使用。',
    en: 'this API key must not be used from the address {address}.',
  },
  key_space: {
    status: 422,
    zh: '此處不能使用 {space} 金鑰。',
    en: 'a {space} key cannot be used here.',
  },
  too_many_keys: {
    status: 409,
    zh: '貴機關已有 {limit} 把有效金鑰，請先停用不再使用的金鑰。',
    en: 'your organisation has {limit} keys in force. Revoke those that are not used any more.',
  },
  key_not_found: {
    status: 404,
    zh: '沒有編號 {id} 的有效金鑰。',
    en: 'there is no key {id} in force.',
  },
  beyond_own_rights: {
    status: 403,
    zh: '不能授予超出自己權限的項目：{what}。',
    en: 'you cannot grant more than you hold yourself: {what}.',
  },
  bad_network: {
    status: 422,
    zh: '「{network}」不是 IP 位址或網段（例如 203.0.113.0/24）。',
    en: '“{network}” is not an IP address or network (such as 203.0.113.0/24).',
  },
  person_only: {
    status: 403,
    zh: '此功能只供登入的人員使用，不接受 API 金鑰。',
    en: 'this is for people who are signed in, not for API keys.',
  },
  person_not_found: {
    status: 404,
    zh: '貴機關沒有編號 {id} 的人員。',
    en: 'your organisation has no person {id}.',
  },
  already_member: {
    status: 409,
    zh: '此人已是貴機關的成員。',
    en: 'this person is a member of your organisation already.',
  },
  last_administrator: {
    status: 409,
    zh: '不能移除最後一位管理者。請先指定另一位管理者。',
    en: 'the last administrator cannot be removed. Appoint another one first.',
  },
  invitation_invalid: {
    status: 404,
    zh: '此邀請不存在、已使用或已逾期。請邀請人重新寄送。',
    en: 'this invitation does not exist, was used, or has expired. Ask for a new one.',
  },
  invitation_other_person: {
    status: 403,
    zh: '此邀請屬於另一個已有帳號的人。請以受邀的帳號登入後再接受。',
    en: 'this invitation belongs to somebody who has an account. Sign in with the account that was invited, then accept.',
  },
  password_needed: {
    status: 422,
    zh: '請設定 12 至 128 個字元的密碼。',
    en: 'set a password of 12 to 128 characters.',
  },
  organisation_not_found: {
    status: 404,
    zh: '沒有編號 {id} 的組織，或您不屬於該組織。',
    en: 'there is no organisation {id}, or you do not belong to it.',
  },
  organisation_exists: {
    status: 409,
    zh: '同類別中已有此名稱或此統一編號的組織。',
    en: 'an organisation of this kind with this name or UBN exists already.',
  },
  organisation_has_administrator: {
    status: 409,
    zh: '此組織已有管理者，請由其管理者邀請其他人。',
    en: 'this organisation has an administrator already, who invites everybody else.',
  },
  bad_ubn: {
    status: 422,
    zh: '「{ubn}」不是正確的統一編號。',
    en: '“{ubn}” is not a valid UBN.',
  },
  session_not_found: {
    status: 404,
    zh: '沒有這個登入階段。',
    en: 'there is no such session.',
  },
});
