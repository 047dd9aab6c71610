import type { ChartData } from './chart.tsx';

/** A chart's data as CSV for Excel: UTF-8 with BOM, and no cell that a spreadsheet would run as a formula. */
export function csvOf(data: ChartData): string {
  const rows = [
    [data.categoryLabel, ...data.series.map((series) => series.name)],
    ...data.categories.map((category, row) => [
      category,
      ...data.series.map((series) => series.values[row] ?? ''),
    ]),
  ];
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
