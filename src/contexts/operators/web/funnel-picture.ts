import { html, type Html } from '#platform/http/html';

export interface FunnelBar {
  readonly label: string;
  readonly count: number;
  /** The step that everything leads to. */
  readonly last?: boolean;
}

const ROW = 62;
const WIDTH = 720;

/**
 * The funnel as an SVG: a bar for each step, its length by the square root of the count, so that 90 of 12,000 is still
 * a bar. The figures stand beside the bars; a table below says the same.
 */
export function funnelPicture(bars: readonly FunnelBar[], title: string, language: 'zh-TW' | 'en'): Html {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const number = new Intl.NumberFormat(language);
  const rows = bars.map((bar, index) => {
    const width = Math.max(4, Math.round(Math.sqrt(bar.count / most) * (WIDTH - 130)));
    const y = index * ROW;
    return html`<text class="label" x="0" y="${y + 17}" font-size="17">${bar.label}</text
      ><rect class="track" x="0" y="${y + 26}" width="${WIDTH - 130}" height="20" rx="3" /><rect
        class="${bar.last ? 'last' : 'step'}"
        x="0"
        y="${y + 26}"
        width="${width}"
        height="20"
        rx="3"
      /><text class="count" x="${WIDTH}" y="${y + 44}" font-size="${bar.last ? 30 : 22}" text-anchor="end"
        >${number.format(bar.count)}</text
      >`;
  });
  return html`<svg
    class="funnel"
    viewBox="0 0 ${WIDTH} ${bars.length * ROW}"
    role="img"
    aria-label="${title}"
  >
    ${rows}
  </svg>`;
}
