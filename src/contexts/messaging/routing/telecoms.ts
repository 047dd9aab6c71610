/** The telecoms of Taiwan that serve mobile numbers, after the mergers of December 2023. */
export const telecoms = ['cht', 'twm', 'fet'] as const;
export type Telecom = (typeof telecoms)[number];

export const telecomNames: Readonly<Record<Telecom, { readonly zh: string; readonly en: string }>> = {
  cht: { zh: '中華電信', en: 'Chunghwa Telecom' },
  twm: { zh: '台灣大哥大', en: 'Taiwan Mobile' },
  fet: { zh: '遠傳電信', en: 'Far EasTone' },
};
