import type { EChartsCoreOption } from '../charts/echarts';
import type { Draw } from '../charts/host';
import { font } from '../charts/option';
import { tipElement } from '../charts/tip';
import { inSentence, probability } from '../format';
import { label } from '../model/axes';
import { differenceWords, pairWords, resplitWords, verdictWords, whereWords } from '../model/comparisons';
import type { Comparison, Metric } from '../model/report';
import type { Theme } from '../palette';
import { extent, linear, padded, symlog, type Scale } from '../scales';
import type { State } from '../state';

interface Api { coord(p: [number, number]): [number, number] }
interface Params { coordSys: { x: number; y: number; width: number; height: number } }
type Shape = Record<string, unknown>;

const pitch = 19;

/** Which way is better, said under the axis. */
export function direction(metric: Metric, a: string, b: string): string {
  if (metric.better === 'higher') return `right of zero: ${b} higher, better; left: ${a} better`;
  if (metric.better === 'lower') return `left of zero: ${b} lower, better; right: ${a} better`;
  return `right of zero: ${b} nearer to the truth level, better; left: ${a} better`;
}

/** The differences with their intervals, one below the other: filled where the verdict is called, hollow where not, diamonds for averages. */
export function forest(state: State, comparisons: readonly Comparison[], metric: Metric, varying: readonly string[]): Draw {
  const usable = comparisons.filter((c) => typeof c.difference.mean === 'number');
  const values = usable.flatMap((c) => [c.difference.mean, c.difference.ci_low, c.difference.ci_high].filter((v): v is number => typeof v === 'number'));
  const means = usable.map((c) => c.difference.mean as number);
  const scale = scaleOf(means, usable.map((c) => Math.abs((c.difference.ci_high ?? NaN) - (c.difference.ci_low ?? NaN)) / 2));
  const all = extent([0, ...values]) ?? { low: -1, high: 1 };
  const domain = padded(all, scale, 0.05);
  return (width, theme) => {
    const texts = width > 640;
    const left = Math.min(250, Math.max(width > 600 ? 184 : 145, Math.round(width * 0.24)));
    const right = texts ? 290 : 16;
    const height = usable.length * pitch + 70;
    return { height, option: option(state, usable, metric, varying, theme, scale, domain, { left, right, texts, height, inner: width - left - right }) };
  };
}

/** Plain, unless the differences dwarf their uncertainty: below it, decades would magnify what is noise. */
export function scaleOf(means: readonly number[], halfWidths: readonly number[]): Scale {
  const largest = Math.max(0, ...means.map(Math.abs));
  const known = halfWidths.filter((v) => v > 0).sort((x, y) => x - y);
  const noise = known[Math.floor(known.length / 2)] ?? largest;
  return largest > 100 * noise ? symlog(10 ** Math.floor(Math.log10(noise))) : linear;
}

/** What the horizontal axis counts. */
const axisWords = (metric: Metric): string => {
  const unit = metric.unit ? ` (${metric.unit})` : '';
  return metric.better === 'truth_level' ? `nearer to the truth level${unit}` : `difference in ${inSentence(metric.label)}${unit}`;
};

function option(
  state: State, rows: readonly Comparison[], metric: Metric, varying: readonly string[], theme: Theme, scale: Scale, domain: { low: number; high: number },
  size: { left: number; right: number; texts: boolean; height: number; inner: number },
): EChartsCoreOption {
  const ticks = scale.ticks(domain.low, domain.high, Math.max(4, Math.floor(size.inner / 55)));
  const at = ticks.map(scale.forward);
  const labels = new Map(ticks.map((t, i) => [(at[i] ?? 0).toFixed(6), scale.format(t)]));
  const words = rows.map((c) => whereWords(c, varying));
  const renderItem = (p: Params & { dataIndex: number }, api: Api): Shape => {
    const c = rows[p.dataIndex];
    if (!c) return { type: 'group', children: [] };
    const color = state.style(label(c.b), theme.name).color;
    const { x, width } = p.coordSys;
    const place = (v: number): [number, number] => api.coord([scale.forward(v), p.dataIndex]);
    const [cx, cy] = place(c.difference.mean as number);
    const children: Shape[] = [];
    const first = words[p.dataIndex] !== words[p.dataIndex - 1];
    const averaged = c.averaged_over.length > 0;
    if (first) {
      children.push({ type: 'text', silent: true, style: { text: size.texts ? words[p.dataIndex]
        : words[p.dataIndex]?.replace(/mean over .*/, 'mean'), x: x - 8, y: cy, align: 'right', verticalAlign: 'middle', fill: theme.ink, fontSize: 11.5,
          fontWeight: averaged ? 700 : 400, fontFamily: font, width: x - 12, overflow: 'truncate' } });
      if (p.dataIndex > 0) children.push({ type: 'line', silent: true,
        shape: { x1: 4, y1: cy - pitch / 2, x2: x + width + (size.texts ? size.right - 10 : 0), y2: cy - pitch / 2 },
          style: { stroke: theme.grid, lineWidth: 0.8 } });
    }
    if (typeof c.difference.ci_low === 'number' && typeof c.difference.ci_high === 'number')
      children.push({ type: 'line', shape: { x1: place(c.difference.ci_low)[0], y1: cy, x2: place(c.difference.ci_high)[0], y2: cy },
        style: { stroke: color, lineWidth: averaged ? 2.4 : 1.5 } });
    const called = c.verdict !== 'undecided';
    const style = { fill: called ? color : theme.paper, stroke: color, lineWidth: 1.6 };
    children.push(averaged
      ? { type: 'polygon', shape: { points: [[cx - 8, cy], [cx, cy - 5.5], [cx + 8, cy], [cx, cy + 5.5]] }, style }
      : { type: 'circle', shape: { cx, cy, r: 4 }, style });
    if (size.texts) {
      children.push({ type: 'text', silent: true, style: { text: differenceWords(c),
        x: x + width + 10, y: cy, align: 'left', verticalAlign: 'middle', fill: theme.ink, fontSize: 11, fontFamily: font } });
      children.push({ type: 'text', silent: true, style: { text: verdictWords(c), x: x + width + size.right - 12, y: cy, align: 'right',
        verticalAlign: 'middle', fill: called ? theme.ink : theme.muted, fontWeight: called ? 600
          : 400, fontSize: 11, fontFamily: font, width: 128, overflow: 'truncate' } });
    }
    return { type: 'group', children };
  };
  return {
    animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: font, color: theme.ink },
    grid: { left: size.left, right: size.right, top: 12, height: rows.length * pitch + 6, show: true, borderColor: theme.line, borderWidth: 0.8,
      backgroundColor: 'transparent', outerBoundsMode: 'none' },
    xAxis: {
      type: 'value', min: scale.forward(domain.low), max: scale.forward(domain.high), name: axisWords(metric), nameLocation: 'middle', nameGap: 26,
        nameTextStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.line } }, axisTick: { show: true, customValues: at, lineStyle: { color: theme.line } },
      axisLabel: { customValues: at, color: theme.muted, fontSize: 11, hideOverlap: true, showMinLabel: true, showMaxLabel: true, formatter: (v: number) =>
        labels.get(v.toFixed(6)) ?? '' },
      splitLine: { show: true, customValues: at, lineStyle: { color: theme.grid, width: 0.8 } },
    },
    yAxis: { type: 'value', min: -0.6, max: rows.length - 0.4, inverse: true, show: false },
    tooltip: {
      trigger: 'item', confine: true, transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.line,
        textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
      formatter: (raw: { dataIndex: number }) => {
        const c = rows[raw.dataIndex];
        return c ? tipElement(`${words[raw.dataIndex] ?? ''}: ${metric.label}`,
          [{ arm: pairWords(c), color: state.style(label(c.b), theme.name).color, x: 0,
            text: `${differenceWords(c)} ${metric.unit}${c.resplit ? `; for rows like these ${resplitWords(c)}` : ''}; `
              + `adjusted p ${probability(c.p_adjusted)}; `
              + `${verdictWords(c)}` }]) : '';
      },
    },
    series: [
      { type: 'custom', silent: true, tooltip: { show: false }, data: [[0, 0]], encode: {}, z: 1, renderItem: (p: Params, api: Api) =>
        { const x0 = api.coord([scale.forward(0), 0])[0]; return {
          type: 'line', shape: { x1: x0, y1: p.coordSys.y, x2: x0, y2: p.coordSys.y + p.coordSys.height }, style: { stroke: theme.truth, lineWidth: 1.1 } };
          } },
      { type: 'custom', data: rows.map((c, i) => [scale.forward(c.difference.mean as number), i]), clip: false, z: 3, renderItem },
    ],
  };
}
