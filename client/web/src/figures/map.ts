import type { EChartsCoreOption } from '../charts/echarts';
import type { Draw } from '../charts/host';
import { font, type Drawing } from '../charts/option';
import { tipElement } from '../charts/tip';
import { css, inkOn, viridis, type Rgb } from '../colors';
import { number, plural, withUnit } from '../format';
import { axisName, label } from '../model/axes';
import type { Axes, Metric, Report } from '../model/report';
import type { Theme } from '../palette';
import { choose, extent, type Domain, type Scale } from '../scales';
import type { State } from '../state';
import type { TableData } from '../table';

interface Api { coord(p: [number, number]): [number, number] }
interface Params { dataIndex: number; coordSys: { x: number; y: number; width: number; height: number } }
type Shape = Record<string, unknown>;

/** One arm on one row: the mean of the compared metric, as its gap where nearness to the truth level is what counts. */
export interface MapCell {
  row: string;
  arm: string;
  /** Null where a setting has no value. */
  value: number | null;
  /** What the comparison with the baseline says, where it is called. */
  certain: 'better' | 'worse' | null;
  /** The best mean of its row. */
  best: boolean;
}

/** What the map is made of: a report has it, unless it is too large for a page. */
export type MapInput = Pick<Report, 'groups' | 'comparisons'>;

const pitch = 24;
/** How much wider bold letters are. */
const bold = 1.15;
const marks = { better: '\u25b2', worse: '\u25bc' };

/** How bad a value is, by the metric's own direction. */
const cost = (metric: Metric, value: number): number => (metric.better === 'truth_level' ? Math.abs(value) : metric.better === 'higher' ? -value : value);

/** What the map counts. */
export const mapMetric = (state: State): Metric => state.metric(state.report.sweep.compare.metric);
const mapName = (metric: Metric): string => (metric.better === 'truth_level' && !metric.name.includes('_gap') ? `gap of ${metric.label} to the truth level`
  : metric.label).replace(/^./, (c) => c.toUpperCase()).replace(/Log-likelihood to/, 'the log-likelihood to');

/** Every row by every arm, under the reader's selection: of the picked column, or the mean over all. */
export function mapCells(state: State, input: MapInput = state.report): MapCell[] {
  const axis = state.roles.mapped ?? '';
  const metric = mapMetric(state);
  const found = new Map<string, (number | null)[]>();
  const key = (row: string, arm: string): string => JSON.stringify([row, arm]);
  const armOf = (axes: Axes): string => (state.roles.arm === null ? '' : label(axes[state.roles.arm]));
  for (const group of input.groups) {
    if (!isChosen(state, group.axes)) continue;
    const result = group.metrics[metric.name];
    const value = typeof result?.mean !== 'number' ? null : metric.better !== 'truth_level' ? result.mean
      : typeof result.truth_level === 'number' ? result.truth_level - result.mean : null;
    const at = key(label(group.axes[axis]), armOf(group.axes));
    found.set(at, [...(found.get(at) ?? []), value]);
  }
  const called = verdicts(state, input);
  const rows = rowsOf(state, input);
  const cells = rows.flatMap((row) => state.arms.map((arm): MapCell => {
    const values = found.get(key(row, arm)) ?? [];
    const known = values.filter((v): v is number => v !== null);
    const value = known.length > 0 && known.length === values.length ? known.reduce((a, b) => a + b, 0) / known.length : null;
    return { row, arm, value, certain: called.get(key(row, arm)) ?? null, best: false };
  }));
  for (const row of rows) {
    const own = cells.filter((c) => c.row === row && c.value !== null);
    const least = own.length > 1 ? own.reduce((a, b) => (cost(metric, b.value as number) < cost(metric, a.value as number) ? b : a)) : null;
    if (least) least.best = true;
  }
  return cells;
}

/** The rows of the map. */
export const rowsOf = (state: State, input: MapInput = state.report): string[] =>
  [...new Set(input.groups.map((g) => label(g.axes[state.roles.mapped ?? ''])))];

/** Whether a setting is of the picked column and of what else is chosen. */
const isChosen = (state: State, axes: Axes): boolean =>
  (state.picked === null || state.roles.column === null || label(axes[state.roles.column]) === state.picked)
  && Object.entries(state.chosen).every(([axis, value]) => axis === state.roles.mapped || label(axes[axis]) === value);

/** The calls against the baseline: at the picked column, or of the mean over all of them. */
function verdicts(state: State, input: MapInput): Map<string, 'better' | 'worse'> {
  const { mapped, column, arm } = state.roles;
  const { compare } = state.report.sweep;
  const called = new Map<string, 'better' | 'worse'>();
  if (mapped === null || arm !== compare.axis) return called;
  const averages = state.picked === null && column !== null && state.columns.length > 1;
  for (const c of input.comparisons) {
    if (c.metric !== compare.metric || c.verdict === 'undecided' || !(mapped in c.where)) continue;
    if (averages ? !c.averaged_over.includes(column) : c.averaged_over.length > 0) continue;
    if (!averages && !isChosen(state, c.where)) continue;
    // A mean over all other axes stands for every choice of them.
    const agrees = ([axis, value]: [string, string]): boolean => axis === mapped || c.averaged_over.includes(axis) || label(c.where[axis]) === value;
    if (averages && !Object.entries(state.chosen).every(agrees)) continue;
    called.set(JSON.stringify([label(c.where[mapped]), label(c.b)]), c.verdict === 'b' ? 'better' : 'worse');
  }
  return called;
}

const certainWords = (state: State, cell: MapCell): string =>
  (cell.certain === null ? '' : `certainly ${cell.certain} than ${label(state.report.sweep.compare.baseline)}`);

/** What the map shows, for the caption. */
export function mapCaption(state: State): string {
  const metric = mapMetric(state);
  const { mapped, column } = state.roles;
  const baseline = label(state.report.sweep.compare.baseline);
  const of = column === null || state.columns.length < 2 ? '' : state.picked === null ? `, mean over ${plural(state.columns.length, state.columnName)}`
    : `, at ${state.columnName} ${state.picked}`;
  const others = Object.entries(state.chosen).filter(([axis]) => axis !== mapped).map(([axis, value]) => `${axisName(axis)} ${value}`);
  const family = state.report.family;
  return [
    `${mapName(metric)}${metric.unit ? ` in ${metric.unit}` : ''} at the end of sampling, by ${axisName(mapped ?? '')} and ${
      axisName(state.roles.arm ?? 'arm')}${of}${others.length > 0 ? `, at ${others.join(', ')}` : ''}.`,
    `Of what is shown, bright is ${metric.better === 'truth_level' ? 'nearest to the truth' : 'best'} and dark ${
      metric.better === 'truth_level' ? 'farthest from it' : 'worst'}; framed is the best mean of a row.`,
    `${marks.better} certainly better than ${baseline}, ${marks.worse} certainly worse: paired over seeds${family
      ? `, adjusted over all ${plural(family.comparisons, 'comparison')} of the report` : ''}. No mark: undecided, which does not mean equal.`,
    'Press a cell to see its row in the figures below.',
  ].join(' ');
}

/** The map as a table. */
export function mapTable(state: State, input: MapInput = state.report): TableData {
  const cells = mapCells(state, input);
  return {
    head: [axisName(state.roles.mapped ?? ''), ...state.arms],
    rows: rowsOf(state, input).map((row) => [row, ...cells.filter((c) => c.row === row).map((c) =>
      [number(c.value), certainWords(state, c), c.best ? 'best mean' : ''].filter(Boolean).join('; '))]),
  };
}

/** @param press Told of the row that is pressed. */
export function mapDraw(state: State, press: (row: string) => void, input: MapInput = state.report): Draw {
  const cells = mapCells(state, input);
  const rows = rowsOf(state, input);
  const metric = mapMetric(state);
  const costs = cells.flatMap((c) => (c.value === null ? [] : [cost(metric, c.value)]));
  const scale = choose(costs);
  const domain = extent(costs);
  return (width, theme) => {
    const longest = (words: readonly string[]): number => Math.max(0, ...words.map((w) => w.length)) * 6.7;
    const left = Math.round(Math.min(longest(rows) + 14, 220, width * 0.36));
    const across = (width - left - 8) / Math.max(1, state.arms.length);
    const fits = (words: readonly string[]): boolean => longest(words) * bold <= across - 8;
    const heads = state.arms.map((arm) => (fits([arm]) ? [arm] : arm.split(/(?<=[-_ ])/)));
    const upright = !heads.every(fits);
    const top = upright ? Math.min(longest(state.arms) * bold, 160) + 12 : 12 + 15 * Math.max(1, ...heads.map((lines) => lines.length));
    const height = top + rows.length * pitch + 46;
    return {
      height, press: (index) => { const row = cells[index]?.row; if (row !== undefined) press(row); },
      option: option(state, cells, rows, metric, scale, domain, theme, { left, top, across, heads: upright ? null : heads.map((lines) => lines.join('\n')) }),
    } satisfies Drawing;
  };
}

function option(
  state: State, cells: readonly MapCell[], rows: readonly string[], metric: Metric, scale: Scale, domain: Domain | null, theme: Theme,
  size: { left: number; top: number; across: number; heads: readonly string[] | null },
): EChartsCoreOption {
  const { left, top, across, heads } = size;
  const upright = heads === null;
  const colour = (value: number): Rgb => {
    const [low, high] = [scale.forward(domain?.low ?? 0), scale.forward(domain?.high ?? 1)];
    return viridis(high > low ? 1 - (scale.forward(cost(metric, value)) - low) / (high - low) : 0.5);
  };
  const looked = state.chosen[state.roles.mapped ?? ''];
  const text = (words: string, x: number, y: number, style: Shape): Shape =>
    ({ type: 'text', silent: true, x, y, style: { text: words, fontSize: 12, fontFamily: font, fill: theme.ink, ...style } });
  const cell = (p: Params, api: Api): Shape => {
    const c = cells[p.dataIndex] as MapCell;
    const [at, row] = [state.arms.indexOf(c.arm), rows.indexOf(c.row)];
    const [x, y] = api.coord([at, row]);
    const fill = c.value === null ? null : colour(c.value);
    const ink = fill ? css(inkOn(fill)) : theme.muted;
    const mark = c.certain === null ? '' : marks[c.certain];
    const words = [across >= 62 || (across >= 44 && !mark) ? number(c.value, 2) : '', across >= 16 ? mark : ''].filter(Boolean).join(' ');
    return { type: 'group', children: [
      { type: 'rect', shape: { x: x + 1, y: y + 1, width: across - 2, height: pitch - 2 },
        style: { fill: fill ? css(fill) : 'transparent', stroke: fill ? 'none' : theme.grid, lineWidth: 1 } },
      ...(c.best ? [{ type: 'rect', silent: true, shape: { x: x + 1.5, y: y + 1.5, width: across - 3, height: pitch - 3 },
        style: { fill: 'none', stroke: theme.ink, lineWidth: 2 } }] : []),
      text(words, x + across / 2, y + pitch / 2, { fill: ink, align: 'center', verticalAlign: 'middle', fontSize: 11.5 }),
    ] };
  };
  const labels = (p: Params): Shape => ({ type: 'group', children: [
    ...rows.map((row, i) => text(row, left - 6, top + (i + 0.5) * pitch, { align: 'right', verticalAlign: 'middle', width: left - 8, overflow: 'truncate',
      fontWeight: row === looked ? 700 : 400 })),
    ...state.arms.map((arm, i) => ({ ...text(heads?.[i] ?? arm, left + (i + 0.5) * across, top - 8, { align: upright ? 'left' : 'center', fontWeight: 600,
      verticalAlign: upright ? 'middle' : 'bottom', lineHeight: 15,
      ...(upright ? { width: top - 14, overflow: 'truncate' } : {}) }), rotation: upright ? Math.PI / 2 : 0 })),
    ...legend(p.coordSys.y + p.coordSys.height + 16),
  ] });
  const legend = (y: number): Shape[] => {
    if (!domain) return [];
    const steps = 24;
    const signed = (v: number): number => (metric.better === 'higher' ? -v : v);
    const unit = metric.unit ? ` ${metric.unit}` : '';
    const from = `${number(signed(domain.high), 2)}${unit}`;
    const start = left + from.length * 7 + 6;
    const to = `${number(signed(domain.low), 2)}${unit}${scale.kind === 'linear' ? '' : ' (logarithmic)'}`;
    const all = across * state.arms.length;
    const wide = Math.max(30, Math.min(180, all * 0.4, left + all - start - 6 - to.length * 6.6));
    return [
      text(from, left, y + 6, { verticalAlign: 'middle', fill: theme.muted }),
      ...Array.from({ length: steps }, (_, i): Shape => ({ type: 'rect', silent: true, shape: { x: start + (i * wide) / steps, y, width: wide / steps + 0.5,
        height: 12 }, style: { fill: css(viridis((i + 0.5) / steps)) } })),
      text(to, start + wide + 6, y + 6, { verticalAlign: 'middle', fill: theme.muted }),
    ];
  };
  return {
    animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: font, color: theme.ink },
    grid: { left, top, width: across * state.arms.length, height: rows.length * pitch, outerBoundsMode: 'none' },
    xAxis: { type: 'value', min: 0, max: state.arms.length, show: false },
    yAxis: { type: 'value', min: 0, max: rows.length, inverse: true, show: false },
    tooltip: {
      trigger: 'item', confine: true, transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.line,
      textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
      formatter: (raw: { dataIndex: number }) => {
        const c = cells[raw.dataIndex];
        return c ? tipElement(c.row, [{ arm: c.arm, color: c.value === null ? theme.line : css(colour(c.value)), x: 0,
          text: c.value === null ? 'has no value in some setting or seed'
            : [withUnit(number(c.value), metric.unit), certainWords(state, c), c.best ? 'best mean of the row' : ''].filter(Boolean).join('; ') }]) : '';
      },
    },
    series: [
      { type: 'custom', silent: true, tooltip: { show: false }, data: [[0, 0]], encode: {}, clip: false, z: 1, renderItem: labels },
      { type: 'custom', data: cells.map((c) => [state.arms.indexOf(c.arm), rows.indexOf(c.row)]), clip: false, z: 2, cursor: 'pointer', renderItem: cell },
    ],
  };
}
