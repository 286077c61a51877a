import type { EChartsCoreOption } from '../charts/echarts';
import type { Draw } from '../charts/host';
import { font } from '../charts/option';
import { tipElement } from '../charts/tip';
import { number } from '../format';
import { isNumeric } from '../model/axes';
import type { ArmStyle, Theme } from '../palette';
import { choose, extent, linear, padded, type Domain, type Scale } from '../scales';
import { position, type Dimension } from './brush';
import type { Points } from './model';

/** A column of the trials' table as an axis of a scatter: numbers on the scale that shows them all, words one beside the other. */
export interface ScatterAxis {
  dimension: Dimension;
  scale: Scale;
  domain: Domain;
  /** The words of an axis that has no numbers. */
  words: readonly string[] | null;
}

export interface ScatterPoint {
  x: number;
  y: number;
  /** The value of the compared axis. */
  arm: string;
  row: Points['rows'][number];
}

type Row = Points['rows'][number];

/** A row's value in a column, which of an axis of numbers is the number itself; null where there is none. */
export function valueIn(d: Dimension, row: Row): number | null {
  return d.words && isNumeric(d.words) ? Number(row[d.at]) : position(d, row);
}

/** Points apart from each other where a column has few words or numbers: by up to so much of the distance of two words to either side. */
const spread = 0.22;

/** Somewhere from -1 to 1, the same for the same row: FNV-1a, its bits mixed as by MurmurHash3. */
function shift(row: Row, which: string): number {
  let hash = 2166136261;
  for (const c of which + JSON.stringify(row)) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) / 0xffffffff) * 2 - 1;
}

export function scatterAxis(dimension: Dimension, rows: readonly Row[]): ScatterAxis {
  if (dimension.words && !isNumeric(dimension.words))
    return { dimension, scale: linear, domain: { low: -0.5, high: dimension.words.length - 0.5 }, words: dimension.words };
  const values = rows.map((r) => valueIn(dimension, r));
  const scale = choose(values);
  return { dimension, scale, domain: padded(extent(values) ?? { low: 0, high: 1 }, scale), words: null };
}

/** The rows that have both columns. */
export function scatterPoints(rows: readonly Row[], x: ScatterAxis, y: ScatterAxis, arm: Dimension | null): ScatterPoint[] {
  return rows.flatMap((row): ScatterPoint[] => {
    const [a, b] = [valueIn(x.dimension, row), valueIn(y.dimension, row)];
    if (a === null || b === null) return [];
    const aside = (which: string, axis: ScatterAxis): number => (axis.words ? shift(row, which) * spread : 0);
    return [{ x: a + aside('x', x), y: b + aside('y', y), arm: arm ? String(row[arm.at]) : '', row }];
  });
}

/** "log-likelihood, logarithmic": what an axis is called, with its scale where it isn't plain. */
export const axisWords = (a: ScatterAxis): string => `${a.dimension.label}${a.scale.kind === 'linear' ? ''
  : a.scale.kind === 'log' ? ' (logarithmic)' : ' (logarithmic away from 0)'}`;

interface Api { coord(p: [number, number]): [number, number] }
type Shape = Record<string, unknown>;

/** A mark of some 7 pixels about a place. */
function markAt(symbol: ArmStyle['symbol'], x: number, y: number): Shape {
  const r = 3.6;
  switch (symbol) {
    case 'rect': return { type: 'rect', shape: { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8 } };
    case 'triangle': return { type: 'polygon', shape: { points: [[x, y - r * 1.2], [x + r * 1.15, y + r * 0.85], [x - r * 1.15, y + r * 0.85]] } };
    case 'diamond': return { type: 'polygon', shape: { points: [[x, y - r * 1.3], [x + r * 1.3, y], [x, y + r * 1.3], [x - r * 1.3, y]] } };
    case 'pin': return { type: 'polygon', shape: { points: [[x, y + r * 1.2], [x + r * 1.15, y - r * 0.85], [x - r * 1.15, y - r * 0.85]] } };
    case 'arrow': return { type: 'polygon', shape: { points: [[x, y - r * 1.3], [x + r * 1.2, y + r * 1.2], [x, y + r * 0.4], [x - r * 1.2, y + r * 1.2]] } };
    case 'circle': return { type: 'circle', shape: { cx: x, cy: y, r } };
  }
}

/** @param open Told of the point that is pressed. */
export function scatterDraw(points: readonly ScatterPoint[], x: ScatterAxis, y: ScatterAxis, style: (arm: string, theme: Theme['name']) => ArmStyle,
  tip: (p: ScatterPoint) => string, open: (p: ScatterPoint) => void): Draw {
  return (width, theme) => {
    const left = y.words ? Math.min(Math.round(width * 0.34), 22 + Math.round(6.3 * Math.max(...y.words.map((v) => v.length)))) : 68;
    const height = Math.max(260, Math.min(440, Math.round(width * 0.5)));
    return { height, press: (i) => { const p = points[i]; if (p) open(p); },
      option: option(points, x, y, style, tip, width, left, theme) };
  };
}

function option(points: readonly ScatterPoint[], x: ScatterAxis, y: ScatterAxis, style: (arm: string, theme: Theme['name']) => ArmStyle,
  tip: (p: ScatterPoint) => string, width: number, left: number, theme: Theme): EChartsCoreOption {
  const right = 18;
  const axis = (a: ScatterAxis, across: boolean): Shape => {
    const ticks = a.words ? a.words.map((_, i) => i) : a.scale.ticks(a.domain.low, a.domain.high, across ? Math.max(3, Math.floor((width - left) / 80)) : 7);
    const at = ticks.map(a.scale.forward);
    const labels = new Map(ticks.map((t, i) => [(at[i] ?? 0).toFixed(6), a.words ? (a.words[t] ?? '') : a.scale.format(t)]));
    const room = across ? Math.max(40, (width - left - right) / Math.max(1, ticks.length) - 8) : left - 14;
    return {
      type: 'value', min: a.scale.forward(a.domain.low), max: a.scale.forward(a.domain.high),
      name: axisWords(a), ...(across ? { nameLocation: 'middle', nameGap: 30 } : { nameLocation: 'end', nameGap: 8 }),
      nameTruncate: { maxWidth: width - 24 },
      nameTextStyle: { color: theme.ink, fontSize: 12, fontWeight: 600, fontFamily: font, ...(across ? {} : { align: 'left', padding: [0, 0, 0, 8 - left] }) },
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.line } },
      axisTick: { show: true, customValues: at, lineStyle: { color: theme.line } },
      axisLabel: { customValues: at, color: theme.muted, fontSize: 11, fontFamily: font, hideOverlap: true, width: room,
        overflow: a.words ? 'truncate' : 'none', formatter: (v: number) => labels.get(v.toFixed(6)) ?? '' },
      splitLine: { show: true, customValues: at, lineStyle: { color: theme.grid, width: 0.8 } },
    };
  };
  const renderItem = (params: { dataIndex: number }, api: Api): Shape => {
    const p = points[params.dataIndex];
    if (!p) return { type: 'group', children: [] };
    const look = style(p.arm, theme.name);
    const [cx, cy] = api.coord([x.scale.forward(p.x), y.scale.forward(p.y)]);
    return { ...markAt(look.symbol, cx, cy),
      style: { fill: look.color, opacity: points.length > 1500 ? 0.45 : 0.75, stroke: theme.paper, lineWidth: 0.6 } };
  };
  return {
    animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: font, color: theme.ink },
    grid: { left, right, top: 30, bottom: 50, show: true, borderColor: theme.line, borderWidth: 0.8, backgroundColor: 'transparent', outerBoundsMode: 'none' },
    xAxis: axis(x, true), yAxis: axis(y, false),
    tooltip: {
      trigger: 'item', confine: true, transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.line,
      textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
      formatter: (raw: { dataIndex: number }) => {
        const p = points[raw.dataIndex];
        if (!p) return '';
        const color = style(p.arm, theme.name).color;
        const said = (a: ScatterAxis): string => (a.words ? String(p.row[a.dimension.at]) : number(valueIn(a.dimension, p.row), 4));
        return tipElement(tip(p), [{ arm: x.dimension.label, color, x: 0, text: said(x) }, { arm: y.dimension.label, color, x: 0, text: said(y) }]);
      },
    },
    series: [{ type: 'custom', data: points.map((p) => [x.scale.forward(p.x), y.scale.forward(p.y)]), clip: true, z: 3, cursor: 'pointer', renderItem }],
  };
}
