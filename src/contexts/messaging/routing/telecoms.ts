/** The telecoms of Taiwan that serve mobile numbers, after the mergers of December 2023. */
export const telecoms = ['cht', 'twm', 'fet'] as const;
export type Telecom = (typeof telecoms)[number];
