import { useMantineColorScheme } from '@mantine/core';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as install, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { colours, fontFamily, type Scheme } from '../theme/tokens.ts';
import type { ChartProps } from './chart.tsx';

install([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export interface ChartHandle {
  /** The picture at twice its size. */
  readonly png: () => Promise<Blob>;
}

type CanvasProps = Omit<ChartProps, 'height' | 'format'> & {
  readonly height: number;
  readonly format: (value: number) => string;
  readonly ref?: Ref<ChartHandle>;
};

/** The drawing of a chart; loaded only where one is shown. */
export default function ChartCanvas({ sentence, kind, data, height, format, onSelect, ref }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const { colorScheme } = useMantineColorScheme();
  const scheme = schemeOf(colorScheme);
  useEffect(() => {
    if (box.current === null) return;
    const drawn = init(box.current, null, { renderer: 'svg' });
    chart.current = drawn;
    drawn.setOption(optionOf(kind, data, format, scheme));
    if (onSelect) drawn.on('click', ({ dataIndex }) => onSelect(dataIndex));
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, [kind, data, format, scheme, onSelect]);
  useImperativeHandle(ref, () => ({ png: () => toPng(chart.current, colours[scheme].surface) }), [scheme]);
  return <div ref={box} style={{ height }} role="img" aria-label={sentence} />;
}

function schemeOf(chosen: 'light' | 'dark' | 'auto'): Scheme {
  if (chosen !== 'auto') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function optionOf(
  kind: ChartProps['kind'],
  data: ChartProps['data'],
  format: (value: number) => string,
  scheme: Scheme,
): EChartsCoreOption {
  const own = colours[scheme];
  const text = { color: own.muted, fontFamily, fontSize: 13 };
  const categories = {
    type: 'category',
    data: [...data.categories],
    axisLabel: text,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: own.outline } },
    ...(kind === 'bar-horizontal' && { inverse: true }),
  };
  const values = {
    type: 'value',
    axisLabel: { ...text, formatter: format },
    splitLine: { lineStyle: { color: own.line } },
  };
  const isLine = kind === 'line';
  return {
    color: [own.chart1, own.chart2, own.chart3, own.chart4, own.chart5],
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 350,
    textStyle: { fontFamily },
    aria: { enabled: false, decal: { show: data.series.length > 1 } },
    grid: { left: 8, right: 24, top: data.series.length > 1 ? 40 : 12, bottom: 4, outerBoundsMode: 'same' },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: isLine ? 'line' : 'shadow' },
      backgroundColor: own.surface,
      borderColor: own.line,
      textStyle: { color: own.ink, fontFamily },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '—'),
    },
    ...(data.series.length > 1 && { legend: { top: 0, left: 0, textStyle: text } }),
    ...(kind === 'bar-horizontal'
      ? { xAxis: values, yAxis: categories }
      : { xAxis: categories, yAxis: values }),
    series: data.series.map((series) => ({
      name: series.name,
      type: isLine ? 'line' : 'bar',
      data: [...series.values],
      ...(isLine
        ? { symbolSize: 7, lineStyle: { width: 2.5 } }
        : { barMaxWidth: 34, itemStyle: { borderRadius: 2 } }),
    })),
  };
}

async function toPng(chart: EChartsType | null, ground: string): Promise<Blob> {
  if (chart === null) throw new Error('the chart is not drawn');
  const [width, height] = [chart.getWidth(), chart.getHeight()];
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(chart.renderToSVGString())}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)), 'image/png');
  });
}
