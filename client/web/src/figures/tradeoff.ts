import type { EChartsCoreOption } from '../charts/echarts';
import type { Draw } from '../charts/host';
import { font } from '../charts/option';
import { tipElement } from '../charts/tip';
import { withUnit } from '../format';
import { label } from '../model/axes';
import type { Metric, Pareto, ParetoPoint } from '../model/report';
import { pointWords, settingWords } from '../model/tradeoff';
import type { Theme } from '../palette';
import { extent, linear, log, padded, type Scale } from '../scales';
import type { State } from '../state';

interface Api { coord(p: [number, number]): [number, number] }
type Shape = Record<string, unknown>;

/** Decades where positive means span more than two of them. */
const scaleOf = (values: readonly number[]): Scale => {
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) / least > 100 ? log(least / 10) : linear;
};

/** The settings by two metrics with their intervals: filled on the front, hollow where they may be, faint where beaten. */
export function tradeOff(state: State, section: Pareto, x: Metric, y: Metric): Draw {
  const points = section.points.filter((p) => p.x.mean !== null && p.y.mean !== null);
  const scales = { x: scaleOf(points.map((p) => p.x.mean as number)), y: scaleOf(points.map((p) => p.y.mean as number)) };
  const reach = (pick: (p: ParetoPoint) => ParetoPoint['x'], scale: Scale): { low: number; high: number } => {
    const all = points.flatMap((p) => [pick(p).mean, pick(p).low, pick(p).high]).filter((v): v is number => v !== null && (scale.kind !== 'log' || v > 0));
    return padded(extent(all) ?? { low: 0, high: 1 }, scale, 0.06);
  };
  const domains = { x: reach((p) => p.x, scales.x), y: reach((p) => p.y, scales.y) };
  return (width, theme) => ({ height: 340, option: option(state, points, section.dataset, { x, y }, scales, domains, width, theme) });
}

function option(
  state: State, points: readonly ParetoPoint[], dataset: string, metrics: { x: Metric; y: Metric }, scales: { x: Scale; y: Scale },
  domains: { x: { low: number; high: number }; y: { low: number; high: number } }, width: number, theme: Theme,
): EChartsCoreOption {
  const color = (p: ParetoPoint): string => {
    const arm = state.report.sweep.compare.axis;
    return state.style(label(p.axes[arm] ?? ''), theme.name).color;
  };
  const axis = (which: 'x' | 'y', atMost: number, gap: number): Shape => {
    const scale = scales[which];
    const domain = domains[which];
    const ticks = scale.ticks(domain.low, domain.high, atMost);
    const at = ticks.map(scale.forward);
    const labels = new Map(ticks.map((t, i) => [(at[i] ?? 0).toFixed(6), scale.format(t)]));
    return {
      type: 'value', min: scale.forward(domain.low), max: scale.forward(domain.high),
      name: `${which === 'x' && dataset ? `${dataset}: ` : ''}${withUnit(metrics[which].label, metrics[which].unit)}`,
      nameLocation: 'middle', nameGap: gap, nameTextStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.line } },
      axisTick: { show: true, customValues: at, lineStyle: { color: theme.line } },
      axisLabel: { customValues: at, color: theme.muted, fontSize: 11, hideOverlap: true, formatter: (v: number) => labels.get(v.toFixed(6)) ?? '' },
      splitLine: { show: true, customValues: at, lineStyle: { color: theme.grid, width: 0.8 } },
    };
  };
  const renderItem = (params: { dataIndex: number }, api: Api): Shape => {
    const p = points[params.dataIndex];
    if (!p) return { type: 'group', children: [] };
    const place = (vx: number, vy: number): [number, number] => api.coord([scales.x.forward(vx), scales.y.forward(vy)]);
    const [mx, my] = [p.x.mean as number, p.y.mean as number];
    const [cx, cy] = place(mx, my);
    const ink = color(p);
    const opacity = p.front ? 1 : p.beaten ? 0.35 : 0.8;
    const children: Shape[] = [];
    if (p.x.low !== null && p.x.high !== null) {
      children.push({ type: 'line', shape: { x1: place(p.x.low, my)[0], y1: cy, x2: place(p.x.high, my)[0], y2: cy },
        style: { stroke: ink, lineWidth: 1.2, opacity } });
    }
    if (p.y.low !== null && p.y.high !== null) {
      children.push({ type: 'line', shape: { x1: cx, y1: place(mx, p.y.low)[1], x2: cx, y2: place(mx, p.y.high)[1] },
        style: { stroke: ink, lineWidth: 1.2, opacity } });
    }
    children.push({ type: 'circle', shape: { cx, cy, r: p.front ? 5 : 4 },
      style: { fill: p.front ? ink : theme.paper, stroke: ink, lineWidth: 1.6, opacity } });
    return { type: 'group', children };
  };
  return {
    animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: font, color: theme.ink },
    grid: { left: 68, right: 16, top: 12, bottom: 48, show: true, borderColor: theme.line, borderWidth: 0.8, backgroundColor: 'transparent',
      outerBoundsMode: 'none' },
    xAxis: axis('x', Math.max(3, Math.floor((width - 84) / 70)), 28),
    yAxis: axis('y', 6, 50),
    tooltip: {
      trigger: 'item', confine: true, transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.line,
      textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
      formatter: (raw: { dataIndex: number }) => {
        const p = points[raw.dataIndex];
        return p ? tipElement(settingWords(state, p), [
          { arm: metrics.x.label, color: color(p), x: 0, text: pointWords(metrics.x, p.x) },
          { arm: metrics.y.label, color: color(p), x: 0, text: pointWords(metrics.y, p.y) }]) : '';
      },
    },
    series: [{ type: 'custom', data: points.map((p) => [scales.x.forward(p.x.mean as number), scales.y.forward(p.y.mean as number)]), clip: true, z: 3,
      renderItem }],
  };
}
