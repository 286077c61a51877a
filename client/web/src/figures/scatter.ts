import type { ArmMarks, AxisSpec, PanelSpec, RowSpec } from '../charts/spec';
import { number } from '../format';
import { label } from '../model/axes';
import type { Cloud, GroupCloud, Scatter } from '../model/report';
import { linear, type Domain } from '../scales';
import type { State } from '../state';
import type { TableData } from '../table';
import { columnTitle, rowTitle } from './common';

/** Columns of a histogram, of data that have one dimension. */
const bins = 40;

/** Scales that differ by more than this are not drawn in the same units. */
const comparable = 4;

/** Moments of a strip in print. */
const stripMoments = 8;

const truthName = 'true samples';

/** What one arm generated, under the reader's selection. */
export function cloudOf(state: State, scatter: Scatter, row: string, column: string, arm: string): GroupCloud | undefined {
  const where: [string | null, string][] = [...Object.entries(state.chosen), [state.roles.row, row], [state.roles.column, column], [state.roles.arm, arm]];
  return scatter.groups.find((g) => where.every(([axis, value]) => axis === null || axis === 'dataset' || label(g.axes[axis]) === value));
}

/** The picture of a row of the figures; where rows are not data sets, that of the one that is chosen. */
export const scatterOf = (state: State, row: string): Scatter | undefined => {
  const wanted = state.roles.row === 'dataset' ? row : state.chosen.dataset;
  return state.report.scatters.find((s) => wanted === undefined || s.dataset === wanted);
};

/** The true samples and, beside them, those of each arm over the true ones, at the reader's reverse step. */
export const scatterRow = (state: State, scatter: Scatter, row: string, column: string, title: string): RowSpec =>
  besideTruth(scatter, state.shownArms.map((arm) => ({ arm, group: atStep(cloudOf(state, scatter, row, column, arm), state.step) })), title);

/** A group's samples after the last moment that is not later than a reverse step; all of them at the end. */
export function atStep(group: GroupCloud | undefined, step: number | null): GroupCloud | undefined {
  if (!group || step === null) return group;
  const moment = [...group.moments].reverse().find((m) => m.step <= step);
  return moment && moment !== group.moments[group.moments.length - 1] ? { ...group, cloud: moment.cloud, outside: moment.outside } : group;
}

/** The reverse steps that are known of any group, in order. */
export const stepsOf = (scatters: readonly Scatter[]): number[] =>
  [...new Set(scatters.flatMap((s) => s.groups.flatMap((g) => g.moments.map((m) => m.step))))].sort((a, b) => a - b);

/** For paper, which doesn't move: each arm at moments from the noise to the end. */
export function strips(state: State, scatter: Scatter, row: string, column: string): RowSpec[] {
  return state.shownArms.flatMap((arm) => {
    const group = cloudOf(state, scatter, row, column, arm);
    if (!group || group.moments.length < 2) return [];
    const last = group.moments.length - 1;
    const chosen = [...new Set(Array.from({ length: stripMoments }, (_, i) => Math.round((i * last) / (stripMoments - 1))))];
    const shown = chosen.map((i) => group.moments[i] as GroupCloud['moments'][number]);
    const drawn = besideTruth(scatter, shown.map((m) => ({ arm, group: { ...group, cloud: m.cloud, outside: m.outside } })), arm);
    return [{ ...drawn, narrowest: 88, shape: { ratio: 1, least: 80, most: 120 },
      panels: drawn.panels.slice(1).map((p, i) => ({ ...p, title: `step ${shown[i]?.step ?? ''}` })) }];
  });
}

/** The same of any samples under their names; those of a trial without a group are not to be had. */
export function besideTruth(scatter: Scatter, shown: readonly { arm: string; group: GroupCloud | undefined }[], title: string): RowSpec {
  const { truth, axes } = scatter;
  const [x, y] = domains(scatter);
  const histograms = truth.y === null;
  const most = histograms ? Math.max(...[truth, ...shown.flatMap((s) => s.group?.cloud ?? [])].flatMap((c) => density(c, x).map((p) => p.y))) : 0;
  const axis = (name: string, domain: Domain): AxisSpec => ({ name, scale: linear, domain });
  const panel = (heading: string, own: Cloud | null, arm: string | null, outside: number): PanelSpec => ({
    title: heading, x: axis(axes[0] ?? '', x), y: histograms ? axis('density', { low: 0, high: most * 1.05 }) : axis(axes[1] ?? '', y),
    arms: histograms ? [outline(truthName, truth, x), ...(arm !== null && own ? [outline(arm, own, x)] : [])] : [],
    clouds: histograms ? [] : [
      { of: null, x: truth.x, y: truth.y as Float64Array }, ...(arm !== null && own ? [{ of: arm, x: own.x, y: own.y as Float64Array }] : []),
    ],
    rulers: [],
    ...(own ? {} : { note: 'not here' }),
    ...(own && outside > 0 ? { cut: `${outside} of ${own.x.length + outside} outside` } : {}),
  });
  return {
    title, sharedY: true, tooltip: 'item', narrowest: 118, shape: { ratio: 1, least: 118, most: 260 },
    panels: [panel(truthName, truth, null, 0), ...shown.map(({ arm, group }) => panel(arm, group?.cloud ?? null, arm, group?.outside ?? 0))],
  };
}

/** The columns of which samples are here, as far as they are shown. */
export function columnsOf(state: State, scatter: Scatter): string[] {
  const { column } = state.roles;
  if (column === null) return state.shownColumns;
  const known = new Set(scatter.groups.map((g) => label(g.axes[column])));
  return state.shownColumns.filter((c) => known.has(c));
}

/** Of every row and column of the figures at this data set. */
export function scatterRows(state: State, scatter: Scatter): RowSpec[] {
  const rows = state.roles.row === 'dataset' ? [scatter.dataset] : state.rows;
  return rows.flatMap((row) => columnsOf(state, scatter).map((column) => scatterRow(state, scatter, row, column,
    [state.roles.row === 'dataset' ? '' : rowTitle(state, row), columnTitle(state, column)].filter(Boolean).join(', '))));
}

/** Edges of the picture: the same units across and up, unless that would hide one of the two. */
function domains(scatter: Scatter): [Domain, Domain] {
  const [x, y] = scatter.low.map((low, k): Domain => ({ low, high: scatter.high[k] ?? low + 1 })) as [Domain, Domain | undefined];
  if (!y) return [x, { low: 0, high: 1 }];
  const [across, up] = [x.high - x.low, y.high - y.low];
  if (Math.max(across, up) > comparable * Math.min(across, up)) return [x, y];
  const wide = (d: Domain): Domain => {
    const more = (Math.max(across, up) - (d.high - d.low)) / 2;
    return { low: d.low - more, high: d.high + more };
  };
  return [wide(x), wide(y)];
}

/** A histogram of one coordinate, as the share per unit at the middle of each column. */
export function density(cloud: Cloud, domain: Domain, columns = bins): { x: number; y: number }[] {
  const width = (domain.high - domain.low) / columns;
  const counts = new Array<number>(columns).fill(0);
  for (const v of cloud.x) {
    const at = Math.min(columns - 1, Math.max(0, Math.floor((v - domain.low) / width)));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((n, i) => ({ x: domain.low + (i + 0.5) * width, y: n / Math.max(1, cloud.x.length) / width }));
}

const outline = (name: string, cloud: Cloud, domain: Domain): ArmMarks => ({
  arm: name, line: true, interval: 'none', markEvery: 0, points: density(cloud, domain).map((p) => ({ ...p, tip: number(p.y) })),
});

/** What the plane is. */
export const planeWords = (scatter: Scatter): string => (scatter.explained === null ? ''
  : `Of ${scatter.dimensions} dimensions the plane of the true samples\u2019 first two principal components is seen, with ${
    Math.round(100 * scatter.explained)}% of their variance.`);

/** Where the points are and how far they spread, of the truth and of each trial that is drawn. */
export function scatterTable(state: State, scatter: Scatter): TableData {
  const varying = Object.keys(scatter.groups[0]?.axes ?? {}).filter((a) => new Set(scatter.groups.map((g) => label(g.axes[a]))).size > 1);
  const numbers = (cloud: Cloud): string[] => [cloud.x, ...(cloud.y ? [cloud.y] : [])].flatMap((values) => {
    const mean = values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
    return [number(mean), number(Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, values.length - 1)))];
  });
  const where = (g: GroupCloud): string[] => varying.map((a) => label(g.axes[a]));
  return {
    head: [...varying, 'trial', 'seed', 'samples shown', 'outside', ...scatter.axes.flatMap((a) => [`mean of ${a}`, `standard deviation of ${a}`])],
    rows: [
      [...varying.map(() => truthName), '', '', String(scatter.truth.x.length), '0', ...numbers(scatter.truth)],
      ...scatter.groups.filter((g) => Object.entries(state.chosen).every(([a, v]) => a === 'dataset' || label(g.axes[a]) === v))
        .map((g) => [...where(g), g.trial, String(g.seed), String(g.cloud.x.length), String(g.outside), ...numbers(g.cloud)]),
    ],
  };
}
