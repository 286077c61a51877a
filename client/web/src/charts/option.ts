import type { ArmStyle, Theme } from '../palette';
import type { EChartsCoreOption } from './echarts';
import { layout } from './layout';
import { tipElement, type TipLine } from './tip';
import type { ArrowMarks, AxisSpec, CloudMarks, PanelSpec, RowSpec } from './spec';

// Unquoted, which CSS allows: ECharts' string renderer puts it into a style attribute without escaping quotes.
export const font = 'system-ui, -apple-system, Segoe UI, Helvetica Neue, Arial, Liberation Sans, sans-serif';

export interface Drawing {
  option: EChartsCoreOption;
  height: number;
  /** Told of the datum that is pressed. */
  press?: (index: number) => void;
}

type Style = (arm: string) => ArmStyle;
// The library's own types for custom series do not survive tree-shaken imports; this is what we use of them.
interface Api { coord(p: [number, number]): [number, number] }
interface Params { coordSys: { x: number; y: number; width: number; height: number } }
type Shape = Record<string, unknown>;

/** Makes the chart library's option for one row of panels at a given width. */
export function draw(row: RowSpec, width: number, theme: Theme, style: Style): Drawing {
  const cells = layout(row, width);
  const series: Shape[] = [];
  const tips = new Map<number, (index: number) => TipLine | null>();
  const heads = new Map<number, ((x: number) => string) | undefined>();
  const add = (s: Shape, panel: number, tip?: (index: number) => TipLine | null): void => {
    if (tip) tips.set(series.length, tip);
    heads.set(series.length, row.panels[panel]?.tipHead);
    series.push({ xAxisIndex: panel, yAxisIndex: panel, animation: false, silent: !tip, ...(tip ? {} : { tooltip: { show: false } }), ...s });
  };
  row.panels.forEach((panel, i) => addPanel(panel, i, theme, style, add));
  const titles = row.panels.map((panel, i) => ({
    text: panel.title, left: (cells.panels[i]?.left ?? 0) + (cells.panels[i]?.width ?? 0) / 2, top: (cells.panels[i]?.top ?? 0) - 22, textAlign: 'center',
    textStyle: { fontSize: 12, fontWeight: 600, color: theme.ink, fontFamily: font, width: cells.panels[i]?.width ?? 200, overflow: 'truncate' },
  }));
  if (row.title) titles.push({ text: row.title, left: 4, top: 2, textAlign: 'left',
    textStyle: { fontSize: 14, fontWeight: 700, color: theme.ink, fontFamily: font } } as never);
  return {
    height: cells.height,
    option: {
      animation: false,
      backgroundColor: 'transparent',
      textStyle: { fontFamily: font, color: theme.ink },
      title: titles,
      grid: cells.panels.map((c) => ({ left: c.left, top: c.top, width: c.width, height: c.height, show: true, borderColor: theme.line, borderWidth: 0.8,
        backgroundColor: 'transparent', containLabel: false, outerBoundsMode: 'none' })),
      xAxis: row.panels.map((p, i) => axis(p.x, i, theme, true, cells.panels[i]?.bottom ?? true, cells.panels[i]?.width ?? 200)),
      yAxis: row.panels.map((p, i) => axis(p.y, i, theme, false, !row.sharedY || (cells.panels[i]?.first ?? true), cells.panels[i]?.height
        ?? 200, (row.left ?? 62) - 16, cells.panels[i]?.first ?? true)),
      tooltip: {
        trigger: row.tooltip, confine: true, transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.line, borderWidth: 1, padding: [6, 9],
        textStyle: { color: theme.ink, fontSize: 12, fontFamily: font }, extraCssText: 'max-width: 90vw; white-space: normal;',
        axisPointer: { type: 'line', lineStyle: { color: theme.line, type: 'dashed' } },
        formatter: (raw: unknown) => tooltip(raw, tips, heads),
      },
      series,
    },
  };
}

function tooltip(raw: unknown, tips: Map<number, (index: number) => TipLine | null>, heads: Map<number,
  ((x: number) => string) | undefined>): HTMLElement | string {
  const items = (Array.isArray(raw) ? raw : [raw]) as { seriesIndex: number; dataIndex: number }[];
  const lines = items.map((p) => tips.get(p.seriesIndex)?.(p.dataIndex) ?? null).filter((l): l is TipLine => l !== null);
  const first = items[0];
  if (!first || lines.length === 0) return '';
  const x = lines[0]?.x ?? 0;
  return tipElement(heads.get(first.seriesIndex)?.(x) ?? '', lines);
}

function axis(spec: AxisSpec, index: number, theme: Theme, horizontal: boolean, labelled: boolean, length: number, nameGap = 24, named = true): Shape {
  const { scale, domain } = spec;
  const ticks = spec.ticks ?? scale.ticks(domain.low, domain.high, horizontal ? Math.min(11, Math.max(3, Math.floor(length / 36)))
    : Math.max(3, Math.floor(length / 22))).map((at) => ({ at, label: scale.format(at) }));
  const at = ticks.map((t) => scale.forward(t.at));
  const labels = new Map(ticks.map((t, i) => [key(at[i] ?? 0), t.label]));
  return {
    type: 'value', gridIndex: index, min: scale.forward(domain.low), max: scale.forward(domain.high), 
    name: labelled && named ? spec.name : '', nameLocation: 'middle', nameGap, nameMoveOverlap: false,
      nameTextStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.line, width: 0.8 } },
    axisTick: { show: true, length: 4, customValues: at, lineStyle: { color: theme.line, width: 0.8 } },
    axisLabel: { show: labelled, customValues: at, hideOverlap: horizontal, color: theme.muted, fontSize: 11, fontFamily: font, margin: 6,
      ...edges(at, scale.forward(domain.low), scale.forward(domain.high), horizontal), showMinLabel: true, showMaxLabel: true, formatter: (v: number) =>
        labels.get(key(v)) ?? '' },
    splitLine: { show: true, customValues: at, lineStyle: { color: theme.grid, width: 0.8 } },
    axisPointer: { label: { show: false } },
  };
}

/** Labels that stand at the ends of a horizontal axis lean inwards, or they would touch the next panel's. */
function edges(at: readonly number[], low: number, high: number, horizontal: boolean): Shape {
  const near = (a: number | undefined, b: number): boolean => a !== undefined && Math.abs(a - b) < (high - low) * 1e-6;
  return horizontal ? { ...(near(at[0], low) ? { alignMinLabel: 'left' } : {}), ...(near(at[at.length - 1], high) ? { alignMaxLabel: 'right' } : {}) } : {};
}

const key = (v: number): string => v.toFixed(6);

type Add = (s: Shape, panel: number, tip?: (index: number) => TipLine | null) => void;

function addPanel(panel: PanelSpec, index: number, theme: Theme, style: Style, add: Add): void {
  const fx = panel.x.scale.forward;
  const fy = panel.y.scale.forward;
  const [bottom, top] = [fy(panel.y.domain.low), fy(panel.y.domain.high)];
  const inside = (v: number): number => Math.min(top + (top - bottom), Math.max(bottom - (top - bottom), v));
  const custom = (renderItem: (p: Params, api: Api) => Shape, z: number, clip = false): void =>
    add({ type: 'custom', data: [[0, 0]], encode: {}, clip, z, renderItem }, index);

  const near = panel.near;
  if (near) {
    custom((p, api) => {
      const y0 = clampTo(api.coord([0, fy(near.high)])[1], p.coordSys.y, p.coordSys.y + p.coordSys.height);
      const y1 = clampTo(api.coord([0, fy(near.low)])[1], p.coordSys.y, p.coordSys.y + p.coordSys.height);
      return { type: 'rect', shape: { x: p.coordSys.x, y: y0, width: p.coordSys.width, height: Math.max(0, y1 - y0) },
        style: { fill: near.plain ? theme.grid : theme.near, opacity: near.plain ? 0.6 : 1 } };
    }, 0);
  }
  if (panel.note !== undefined) {
    const words = panel.note;
    custom((p) => ({
      type: 'text', style: { text: words, x: p.coordSys.x + p.coordSys.width / 2, y: p.coordSys.y + p.coordSys.height / 2, align: 'center',
        verticalAlign: 'middle', fill: theme.muted, fontSize: 12, fontFamily: font, width: p.coordSys.width - 16, overflow: 'break' },
    }), 1);
  }
  if (panel.cut !== undefined) {
    const words = panel.cut;
    custom((p) => ({
      type: 'text', style: { text: words, x: p.coordSys.x + 5, y: p.coordSys.y + 4, align: 'left', verticalAlign: 'top', fill: theme.muted, fontSize: 10.5,
        fontStyle: 'italic', fontFamily: font, stroke: theme.paper, lineWidth: 3, width: p.coordSys.width - 10, overflow: 'truncate' },
    }), 7);
  }
  panel.clouds?.forEach((cloud, i) => custom((_, api) => ({
    type: 'path', shape: { pathData: dots(api, fx, fy, cloud) },
    style: { fill: null, stroke: cloud.of === null ? theme.muted : style(cloud.of).color, lineWidth: 2.6, lineCap: 'round',
      opacity: cloud.of === null ? 0.28 : 0.6 },
  }), 2 + i, true));
  panel.arrows?.forEach((arrows, i) => custom((_, api) => ({
    type: 'path', shape: { pathData: arrowPath(api, fx, fy, arrows) },
    style: { fill: null, stroke: arrows.of === null ? amber : style(arrows.of).color, lineWidth: arrows.of === null ? 3 : 1.3, lineCap: 'round',
      opacity: arrows.of === null ? 0.75 : 0.95 },
  }), 3 + i, true));
  for (const arm of panel.arms) {
    const look = style(arm.arm);
    const ends = arm.points.map((p) => (p.y === null || p.low === null || p.low === undefined || p.high === null || p.high === undefined ? null
      : { x: fx(p.x), low: inside(fy(p.low)), high: inside(fy(p.high)) }));
    if (arm.interval === 'band') for (const run of runs(ends)) {
      add({
        type: 'custom', data: [[run[0]?.x ?? 0, run[0]?.low ?? 0]], encode: {}, clip: true, z: 2,
        renderItem: (_: Params, api: Api) => ({
          type: 'polygon', shape: { points: [...run.map((e) => api.coord([e.x, e.high])), ...run.map((e) => api.coord([e.x, e.low])).reverse()] },
            style: { fill: look.color, opacity: 0.18 },
        }),
      }, index);
    }
    const column = arm.column;
    if (column !== undefined) custom((_, api) => ({ type: 'group', children: arm.points.flatMap(
      (p) => (p.y === null ? [] : [block(api, fx(p.x - column / 2), fx(p.x + column / 2), inside(fy(0)), inside(fy(p.y)), look.color)])) }), 3);
    if (arm.interval === 'bars') custom((_, api) => ({ type: 'group', children: ends.flatMap((e) => (e ? bar(api, e, look.color) : [])) }), 4, true);
    if (arm.dots?.length) {
      const dots = arm.dots;
      add({
        type: 'line', data: dots.map((d) => [fx(d.x), inside(fy(d.y))]), lineStyle: { width: 0 }, symbol: look.symbol, symbolSize: 5,
          itemStyle: { color: look.color, opacity: 0.45, borderWidth: 0 }, showAllSymbol: true, emphasis: { disabled: true }, z: 3,
      }, index, (i) => ({ arm: arm.arm, color: look.color, text: dots[i]?.tip ?? '', x: dots[i]?.x ?? 0 }));
    }
    add({
      type: 'line', name: arm.arm, z: 5, clip: true, connectNulls: false, showAllSymbol: true, emphasis: { disabled: true },
      lineStyle: { color: look.color, width: arm.line ? (arm.width ?? 1.9) : 0, type: look.dash },
        itemStyle: { color: look.color, borderColor: theme.paper, borderWidth: 0.6 },
      symbol: 'none',
      data: arm.points.map((p, i) => ({
        value: [fx(p.x), p.y === null ? '-' : inside(fy(p.y))],
        symbol: look.symbol,
        symbolSize: p.y !== null && arm.markEvery > 0 && i >= (arm.markFrom ?? 0) && (i - (arm.markFrom ?? 0)) % arm.markEvery === 0
          ? (look.symbol === 'circle' || look.symbol === 'rect' ? 7 : 8.5) : 0,
      })),
    }, index, (i) => {
      const p = arm.points[i];
      return p && p.y !== null ? { arm: arm.arm, color: look.color, text: p.tip, x: p.x } : null;
    });
  }
  panel.posts?.forEach((post, i) => custom((p, api) => upright(p, api.coord([fx(post.at), bottom])[0], post.label, i, style(post.of), theme), 4));
  for (const ruler of panel.rulers) custom((p, api) => rule(ruler, p, api, fy, theme), ruler.kind === 'truth' ? 6 : 1);
}

/** What arrows are measured against: no arm is drawn so, and grey is the baseline's. */
const amber = '#e0ac2b';

/** Points as strokes of no length, whose round ends are the dots: one shape however many there are. */
function dots(api: Api, fx: (v: number) => number, fy: (v: number) => number, cloud: CloudMarks): string {
  let path = '';
  for (let i = 0; i < cloud.x.length; i++) {
    const [x, y] = api.coord([fx(cloud.x[i] ?? 0), fy(cloud.y[i] ?? 0)]);
    path += `M${x.toFixed(1)} ${y.toFixed(1)}h0.01`;
  }
  return path;
}

/** Arrows as one shape: shafts, and heads of a few pixels. */
function arrowPath(api: Api, fx: (v: number) => number, fy: (v: number) => number, arrows: ArrowMarks): string {
  const head = 3.2;
  let path = '';
  for (let i = 0; i < arrows.x.length; i++) {
    const [x, y, dx, dy] = [arrows.x[i] ?? 0, arrows.y[i] ?? 0, arrows.dx[i] ?? 0, arrows.dy[i] ?? 0];
    const [x0, y0] = api.coord([fx(x), fy(y)]);
    const [x1, y1] = api.coord([fx(x + dx), fy(y + dy)]);
    const length = Math.hypot(x1 - x0, y1 - y0);
    path += `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}`;
    if (length < 2) continue;
    const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
    const size = Math.min(head, length / 2);
    for (const side of [-1, 1]) path += `M${x1.toFixed(1)} ${y1.toFixed(1)}L${(x1 - size * (ux + side * 0.6 * uy)).toFixed(1)} ${
      (y1 - size * (uy - side * 0.6 * ux)).toFixed(1)}`;
  }
  return path;
}

function block(api: Api, x0: number, x1: number, y0: number, y1: number, color: string): Shape {
  const [left, from] = api.coord([x0, y0]);
  const [right, to] = api.coord([x1, y1]);
  return { type: 'rect', shape: { x: left, y: Math.min(from, to), width: right - left, height: Math.abs(to - from) }, style: { fill: color, opacity: 0.75 } };
}

/** A marked x position: labels of several stand below one another, to its right where there is room. */
function upright(p: Params, x: number, words: string, place: number, look: ArmStyle, theme: Theme): Shape {
  const { x: left, y, width, height } = p.coordSys;
  const leftwards = x > left + width * 0.72;
  return { type: 'group', children: [
    { type: 'line', shape: { x1: x, y1: y, x2: x, y2: y + height }, style: { stroke: look.color, lineWidth: 1.1, lineDash: place === 0 ? [1, 3] : [6, 3] } },
    { type: 'text', style: { text: words, x: x + (leftwards ? -5 : 5), y: y + 6 + place * 14, align: leftwards ? 'right'
      : 'left', verticalAlign: 'top', fill: look.color, fontSize: 11, fontFamily: font, stroke: theme.paper, lineWidth: 3 } },
  ] };
}

function bar(api: Api, e: { x: number; low: number; high: number }, color: string): Shape[] {
  const [x, y0] = api.coord([e.x, e.low]);
  const [, y1] = api.coord([e.x, e.high]);
  const style = { stroke: color, lineWidth: 1.3, fill: null };
  const cap = 3;
  return [
    { type: 'line', shape: { x1: x, y1: y0, x2: x, y2: y1 }, style },
    { type: 'line', shape: { x1: x - cap, y1: y0, x2: x + cap, y2: y0 }, style },
    { type: 'line', shape: { x1: x - cap, y1, x2: x + cap, y2: y1 }, style },
  ];
}

function rule(ruler: { at: number; label?: string; kind: string }, p: Params, api: Api, fy: (v: number) => number, theme: Theme): Shape {
  const { x, y, width, height } = p.coordSys;
  const at = api.coord([0, fy(ruler.at)])[1];
  if (at < y - 0.5 || at > y + height + 0.5) return { type: 'group', children: [] };
  const look: Record<string, Shape> = {
    truth: { stroke: theme.truth, lineWidth: 1.2, lineDash: [2, 2] },
    threshold: { stroke: theme.muted, lineWidth: 0.8, lineDash: [1, 3] },
    zero: { stroke: theme.muted, lineWidth: 1 },
    edge: { stroke: theme.line, lineWidth: 0.8 },
  };
  const children: Shape[] = [{ type: 'line', shape: { x1: x, y1: at, x2: x + width, y2: at }, style: look[ruler.kind] }];
  if (ruler.label) {
    // Below the line, where less is drawn: most of what is measured comes from above.
    const above = y + height - at < 18;
    children.push({
      type: 'text', style: { text: ruler.label, x: x + width - 5, y: above ? at - 3 : at + 4, align: 'right', verticalAlign: above ? 'bottom'
        : 'top', fill: ruler.kind === 'truth' ? theme.truth : theme.muted, fontSize: 11, fontFamily: font, stroke: theme.paper, lineWidth: 3 },
    });
  }
  return { type: 'group', children };
}

const clampTo = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v));

/** Splits at the gaps; a run of one point has no area and is left out. */
export function runs<T>(values: readonly (T | null)[]): T[][] {
  const out: T[][] = [];
  let now: T[] = [];
  for (const v of [...values, null]) {
    if (v !== null) now.push(v);
    else {
      if (now.length > 1) out.push(now);
      now = [];
    }
  }
  return out;
}
