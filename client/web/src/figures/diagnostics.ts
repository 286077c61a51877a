import type { Lines } from '../figure';
import type { ArmMarks, PanelSpec, Point, Post, RowSpec } from '../charts/spec';
import { interval, intervalWithin, number, within } from '../format';
import type { Curve, Group, MaybeNumber } from '../model/report';
import { armStyle, diagnosticStyle } from '../palette';
import { extent, linear, log, padded, symlog, type Domain, type Scale } from '../scales';
import type { State } from '../state';
import type { TableData } from '../table';
import { columnTitle, rowTitle } from './common';

/** Reference denoisers by the name that curves have, in the order of legends. */
const references: readonly (readonly [string, string])[] =
  [['gaussian', 'Gaussian'], ['mixture', 'mixture'], ['delta', 'delta mixture'], ['exact', 'exact'], ['identity', 'identity control']];

const explainedCurve = /^explained_(?:score|denoiser|score_per_sample|path)\.([a-z0-9-]+)(?:\.sigma_.*)?$/;

/** Those, and the ones among curves' names that have a number of Gaussians or a rank (`mixture-10-rank-8`), by their numbers. */
export function referencesIn(curves: Iterable<string>): readonly (readonly [string, string])[] {
  const known = new Set(references.map(([key]) => key));
  const others = new Set([...curves].flatMap((n) => explainedCurve.exec(n)?.[1] ?? []).filter((key) => !known.has(key)));
  return [...references, ...[...others].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((key) => [key, key] as const)];
}

/** Those of a whole report. */
export const referencesOf = (state: State): readonly (readonly [string, string])[] =>
  referencesIn(state.report.groups.flatMap((g) => Object.keys(g.curves)));

export type Explained = 'explained_score' | 'explained_denoiser' | 'explained_score_per_sample' | 'explained_path';

/** What the diagnostics' figures share and the reader may change. */
export interface DiagnosticView {
  /** One column at a time: panels are the arms. */
  column: string;
  explained: Explained;
  /** The share itself, or what it lacks of 1 on a logarithmic axis. */
  lacking: boolean;
  /** Of the figure over training steps. */
  sigma: number;
}

/** Shares below this leave the frame. */
const lowest = -0.25;

export interface Panelled { row: string; panels: { arm: string; group: Group }[] }

/** The groups of a column by row that have any of the curves or metrics. */
export function panelled(state: State, column: string, has: (group: Group) => boolean): Panelled[] {
  return state.rows.map((row) => ({
    row,
    panels: state.shownArms.flatMap((arm) => {
      const group = state.group(row, column, arm);
      return group && has(group) ? [{ arm, group }] : [];
    }),
  })).filter((r) => r.panels.length > 0);
}

/**
 * Trials that differ in sampling alone share their model and so these curves: arms, then rows, with the same numbers are drawn once, under all their names.
 */
export function merged(rows: readonly Panelled[], curvesOf: (group: Group) => readonly { name: string; curve: Curve }[]): Panelled[] {
  const once = <T>(items: readonly T[], key: (item: T) => string, join: (into: T, item: T) => T): T[] => {
    const found = new Map<string, T>();
    for (const item of items) {
      const known = found.get(key(item));
      found.set(key(item), known === undefined ? item : join(known, item));
    }
    return [...found.values()];
  };
  const numbers = (group: Group): string => JSON.stringify(curvesOf(group).map(({ name, curve }) => [name, curve.mean, curve.ci_low]));
  const panels = rows.map((r) => ({ ...r, panels: once(r.panels, (p) => numbers(p.group), (a, b) => ({ ...a, arm: `${a.arm}, ${b.arm}` })) }));
  return once(panels, (r) => JSON.stringify(r.panels.map((p) => [p.arm, numbers(p.group)])), (a, b) => ({ ...a, row: `${a.row}, ${b.row}` }));
}

export const hasCurve = (group: Group, test: (name: string) => boolean): boolean => Object.entries(group.curves)
  .some(([name, curve]) => test(name) && curve.x !== undefined);
export const isExplained = (name: string): boolean => /^explained_(score|denoiser|score_per_sample)\.[a-z0-9-]+$/.test(name);
export const isPath = (name: string): boolean => /^explained_path\.[a-z0-9-]+$/.test(name);
export const isExplainedOverTraining = (name: string): boolean => /^explained_(score|denoiser)\.[a-z0-9-]+\.sigma_/.test(name);

/** The levels S of curves called `….sigma_S`, ascending. */
export function levels(state: State): number[] {
  const all = state.report.groups.flatMap((g) => Object.keys(g.curves)
    .flatMap((n) => (isExplainedOverTraining(n) ? [Number(n.slice(n.indexOf('.sigma_') + 7))] : [])));
  return [...new Set(all.filter((v) => Number.isFinite(v)))].sort((a, b) => a - b);
}

/** The lines among `names` that some group has. */
export function linesOf(state: State, label: string, names: readonly (readonly [string, string])[], curveOf: (key: string) => (group: Group) =>
  boolean): Lines {
  const shown = names.filter(([key]) => state.report.groups.some(curveOf(key))).map(([, name]) => name);
  const others = shown.filter((name) => name.includes('-'));
  return {
    label, names: shown, hidden: new Set(),
    style: (name, theme) => (others.includes(name) ? armStyle(others.indexOf(name) + 3, -1, theme) : diagnosticStyle(name, theme)),
  };
}

interface LineCurve { name: string; curve: Curve }

/** A curve as marks: every point has a marker, as there are few. */
function marks(line: LineCurve, value: (v: number) => number, tip: (v: MaybeNumber, low: MaybeNumber, high: MaybeNumber) => string): ArmMarks {
  const { curve, name } = line;
  const points = (curve.x ?? []).map((x, i): Point => {
    const [v, a, b] = [curve.mean[i] ?? null, within(curve, curve.ci_low?.[i]), within(curve, curve.ci_high?.[i])];
    const ends = a === null || b === null ? null : [value(a), value(b)] as const;
    return { x, y: v === null ? null : value(v), low: ends && Math.min(...ends), high: ends && Math.max(...ends), tip: tip(v, a, b) };
  });
  return { arm: name, points, line: true, interval: points.some((p) => p.low !== null) ? 'band' : 'none', markEvery: 1 };
}

const shapeOf = (panels: number): Pick<RowSpec, 'narrowest' | 'shape'> =>
  ({ narrowest: 250, shape: { ratio: panels > 1 ? 0.72 : 0.45, least: 200, most: 300 } });

const sigmaAxis = (curves: readonly Curve[]): { name: string; scale: Scale; domain: Domain } => {
  const all = extent(curves.flatMap((c) => c.x ?? [])) ?? { low: 0.01, high: 10 };
  const scale = log(all.low * 0.1);
  return { name: 'noise level \u03c3 (log)', scale, domain: padded(all, scale, 0.03) };
};

/** Training steps: logarithmic but for 0, which stands at the left. */
const steps: Scale = { ...linear, forward: (v) => Math.log10(1 + Math.max(0, v)), inverse: (p) => 10 ** p - 1 };

function stepAxis(curves: readonly Curve[]): PanelSpec['x'] {
  const at = [...new Set(curves.flatMap((c) => c.x ?? []))].sort((a, b) => a - b);
  const most = at[at.length - 1] ?? 1;
  // Of many steps, those that stand clear of one another.
  const ticks: { at: number; label: string }[] = [];
  for (const v of [...at].reverse()) {
    const last = ticks[ticks.length - 1];
    if (!last || steps.forward(last.at) - steps.forward(v) > steps.forward(most) * 0.09) ticks.push({ at: v, label: String(v) });
  }
  return { name: 'training step (log)', scale: steps, domain: padded({ low: at[0] ?? 0, high: most }, steps, 0.03), ticks: ticks.reverse() };
}

/** No share is above 1, wherever an interval of a few seeds reaches; and a point out of the frame has no band in it. */
function framed(arm: ArmMarks, view: DiagnosticView): ArmMarks {
  const points = arm.points.map((p): Point => {
    if (p.y === null || p.low === null || p.high === null || p.low === undefined || p.high === undefined) return p;
    if (view.lacking && p.y <= 2) return { ...p, low: Math.max(p.low, 1e-9) };
    return view.lacking || p.y < lowest ? { ...p, low: null, high: null } : { ...p, high: Math.min(p.high, 1) };
  });
  return { ...arm, points };
}

function explainedCurves(group: Group, view: DiagnosticView, shown: Lines, suffix: string): LineCurve[] {
  // Over training steps there is no share per sample.
  const what = suffix !== '' && view.explained === 'explained_score_per_sample' ? 'explained_score' : view.explained;
  return referencesIn(Object.keys(group.curves)).flatMap(([key, name]) => {
    const curve = group.curves[`${what}.${key}${suffix}`];
    return curve?.x && !shown.hidden.has(name) ? [{ name, curve }] : [];
  });
}

export const explainedWord: Record<Explained, string> = { explained_score: 'score', explained_denoiser: 'x\u0302\u2080',
  explained_score_per_sample: 'score', explained_path: 'path' };

/** Shares of the model explained, over sigma or (with a suffix) over training steps. */
export function explainedRows(state: State, view: DiagnosticView, shown: Lines, suffix = ''): RowSpec[] {
  const rows = merged(
    panelled(state, view.column, (g) => hasCurve(g, (n) => (suffix === ''
      ? n.startsWith(`${view.explained}.`) && (isExplained(n) || isPath(n)) : n.endsWith(suffix) && isExplainedOverTraining(n)))),
    (g) => explainedCurves(g, view, shown, suffix));
  const all = rows.flatMap((r) => r.panels.flatMap(({ group }) => explainedCurves(group, view, shown, suffix)));
  const value = (v: number): number => (view.lacking ? 1 - v : v);
  const drawn = all.flatMap(({ curve }) => curve.mean).filter((v): v is number => v !== null);
  const lacks = drawn.map((v) => 1 - v).filter((v) => v > 0).sort((a, b) => a - b);
  const least = Math.max(1e-6, lacks[0] ?? 1e-3);
  const scale = view.lacking ? log(least * 0.5) : linear;
  const domain = view.lacking ? { low: least * 0.7, high: 2 } : { low: Math.max(lowest, Math.min(0, ...drawn) - 0.03), high: 1.04 };
  const x = suffix === '' ? sigmaAxis(all.map((c) => c.curve)) : stepAxis(all.map((c) => c.curve));
  const what = explainedWord[view.explained];
  return rows.map(({ row, panels }) => ({
    title: rowTitle(state, row), sharedY: true, tooltip: 'axis', ...shapeOf(panels.length),
    panels: panels.map(({ arm, group }): PanelSpec => ({
      title: armTitle(state, arm), x, y: { name: view.lacking ? `1 \u2212 share of the ${what}` : `share of the ${what}`, scale, domain },
      arms: explainedCurves(group, view, shown, suffix).map((c) => framed(marks(c, value, (v, a, b) => interval(v, a, b)), view)),
      rulers: view.lacking ? [{ at: 1, kind: 'edge' }] : [{ at: 1, kind: 'edge' }, { at: 0, kind: 'zero' }],
      tipHead: (at) => (suffix === '' ? `\u03c3 = ${level(at)}` : `after ${at} training steps`),
    })),
  }));
}

const modelLines: readonly (readonly [string, string])[] = [['', 'network'], ['.exact', 'exact']];
/** The network's curve and the exact score's. */
export const modelLinesOf = (state: State, curve: string): Lines =>
  linesOf(state, 'scores', modelLines, (key) => (g) => g.curves[curve + key]?.x !== undefined);

function modelCurves(group: Group, curve: string, shown: Lines): LineCurve[] {
  return modelLines.flatMap(([key, name]) => {
    const found = group.curves[curve + key];
    return found?.x && !shown.hidden.has(name) ? [{ name, curve: found }] : [];
  });
}

export function denoisingRows(state: State, view: DiagnosticView, shown: Lines): RowSpec[] {
  return merged(panelled(state, view.column, (g) => hasCurve(g, (n) => n === 'denoising_error')), (g) => modelCurves(g, 'denoising_error', shown))
    .map(({ row, panels }) => {
    const curves = panels.flatMap(({ group }) => modelCurves(group, 'denoising_error', shown));
    const values = curves.flatMap(({ curve }) => curve.mean).filter((v): v is number => v !== null && v > 0);
    const all = extent(values) ?? { low: 0.1, high: 1 };
    const scale = log(all.low * 0.1);
    return {
      title: rowTitle(state, row), sharedY: true, tooltip: 'axis', ...shapeOf(panels.length),
      panels: panels.map(({ arm, group }): PanelSpec => ({
        title: armTitle(state, arm), x: sigmaAxis(curves.map((c) => c.curve)), y: { name: 'denoising error (log)', scale, domain: padded(all, scale) },
        arms: modelCurves(group, 'denoising_error', shown).map((c) => marks(c, (v) => Math.max(v, all.low * 0.1), (v, a, b) => interval(v, a, b))), rulers: [],
        tipHead: (at) => `\u03c3 = ${level(at)}`,
      })),
    };
  });
}

export function bifurcationRows(state: State, view: DiagnosticView, shown: Lines): RowSpec[] {
  return merged(panelled(state, view.column, (g) => hasCurve(g, (n) => n === 'bifurcation')), (g) => modelCurves(g, 'bifurcation', shown))
    .map(({ row, panels }) => {
    const curves = panels.flatMap(({ group }) => modelCurves(group, 'bifurcation', shown));
    return {
      title: rowTitle(state, row), sharedY: true, tooltip: 'axis', ...shapeOf(panels.length),
      panels: panels.map(({ arm, group }): PanelSpec => ({
        title: armTitle(state, arm), x: sigmaAxis(curves.map((c) => c.curve)),
          y: { name: 'share back in its mode', scale: linear, domain: { low: 0, high: 1.04 } },
        arms: modelCurves(group, 'bifurcation', shown).map((c) => marks(c, (v) => v, (v, a, b) => interval(v, a, b))), rulers: [],
        posts: modelLines.flatMap(([key, name]): Post[] => {
          const m = group.metrics[`bifurcation_sigma${key}`];
          return typeof m?.mean === 'number' && !shown.hidden.has(name) ? [{ at: m.mean, of: name, label: `${name}: \u03c3 ${number(m.mean)}` }] : [];
        }),
        tipHead: (at) => `\u03c3 = ${level(at)}`,
      })),
    };
  });
}

/** The gain at the data's mean, the network's and the exact denoiser's. */
export function gainRows(state: State, view: DiagnosticView, shown: Lines): RowSpec[] {
  return merged(panelled(state, view.column, (g) => hasCurve(g, (n) => n === 'mean_gain')), (g) => modelCurves(g, 'mean_gain', shown))
    .map(({ row, panels }) => {
    const curves = panels.flatMap(({ group }) => modelCurves(group, 'mean_gain', shown));
    const all = extent([0, 1, ...curves.flatMap(({ curve }) => curve.mean)]) ?? { low: 0, high: 1 };
    const scale = all.high > 20 ? symlog(1) : linear;
    return {
      title: rowTitle(state, row), sharedY: true, tooltip: 'axis', ...shapeOf(panels.length),
      panels: panels.map(({ arm, group }): PanelSpec => ({
        title: armTitle(state, arm), x: sigmaAxis(curves.map((c) => c.curve)), y: { name: 'gain at the mean', scale, domain: padded(all, scale) },
        arms: modelCurves(group, 'mean_gain', shown).map((c) => marks(c, (v) => v, (v, a, b) => interval(v, a, b))), rulers: [{ at: 1, kind: 'edge' }],
        tipHead: (at) => `\u03c3 = ${level(at)}`,
      })),
    };
  });
}

export type Along = 'emerged' | 'perturbation';
export const isAlongComponent = (name: string): boolean => /^(emerged|perturbation)\.pc_\d+$/.test(name);

/** Lines of curves that are shares of something, by the curves' names. */
export const planeNames: readonly (readonly [string, string])[] =
  [['out_of_plane', 'its own plane'], ['out_of_plane.of_others', 'another path\u2019s plane']];
export const collapseNames: readonly (readonly [string, string])[] = [['collapse', 'training points']];

/** The components that some group has, ascending. */
const components = (state: State): string[] => [...new Set(state.report.groups.flatMap((g) => Object.keys(g.curves).filter(isAlongComponent)
  .map((n) => n.slice(n.indexOf('.pc_') + 4))))].sort((a, b) => Number(a) - Number(b));

/** A line for each component, and a dotted one of the same colour for the Gaussian's. */
export function componentLines(state: State): Lines {
  const all = components(state);
  return {
    label: 'components', hidden: new Set(), names: [...all.map((c) => `component ${c}`), ...all.map((c) => `component ${c}, Gaussian`)],
    style: (name, theme) => {
      const own = armStyle(all.indexOf(/\d+/.exec(name)?.[0] ?? ''), -1, theme);
      return name.endsWith('Gaussian') ? { ...own, dash: [2, 2], symbol: 'pin' } : own;
    },
  };
}

function alongCurves(group: Group, what: Along, shown: Lines): LineCurve[] {
  return shown.names.filter((name) => !shown.hidden.has(name)).flatMap((name) => {
    const curve = group.curves[`${what}.pc_${/\d+/.exec(name)?.[0] ?? ''}${name.endsWith('Gaussian') ? '.gaussian' : ''}`];
    return curve?.x ? [{ name, curve }] : [];
  });
}

export function alongRows(state: State, view: DiagnosticView, what: Along, shown: Lines): RowSpec[] {
  return lineRows(state, merged(panelled(state, view.column, (g) => hasCurve(g, isAlongComponent)), (g) => alongCurves(g, what, shown)),
    (g) => alongCurves(g, what, shown), what === 'emerged' ? 'share of the end' : 'step that is left');
}

export const alongTable = (state: State, view: DiagnosticView, what: Along, shown: Lines): TableData =>
  placedTable(state, panelled(state, view.column, (g) => hasCurve(g, isAlongComponent)), (g) => alongCurves(g, what, shown), (x) => `\u03c3 ${level(x)}`);

const shareCurves = (group: Group, names: readonly (readonly [string, string])[], shown: Lines): LineCurve[] => names.flatMap(([key, name]) => {
  const curve = group.curves[key];
  return curve?.x && !shown.hidden.has(name) ? [{ name, curve }] : [];
});

const sharePanels = (state: State, view: DiagnosticView, names: readonly (readonly [string, string])[]): Panelled[] =>
  panelled(state, view.column, (g) => hasCurve(g, (n) => names.some(([key]) => key === n)));

/** Shares over sigma, with upright lines at metrics that are noise levels. */
export function shareRows(state: State, view: DiagnosticView, names: readonly (readonly [string, string])[], shown: Lines, axis: string,
  posts: readonly (readonly [string, string])[] = []): RowSpec[] {
  const of = names[0]?.[1] ?? '';
  return lineRows(state, merged(sharePanels(state, view, names), (g) => shareCurves(g, names, shown)), (g) => shareCurves(g, names, shown), axis,
    (group) => posts.flatMap(([metric, name]): Post[] => {
      const m = group.metrics[metric];
      return typeof m?.mean === 'number' && !shown.hidden.has(of) ? [{ at: m.mean, of, label: `${name}: \u03c3 ${number(m.mean)}` }] : [];
    }));
}

export const shareTable = (state: State, view: DiagnosticView, names: readonly (readonly [string, string])[], shown: Lines): TableData =>
  placedTable(state, sharePanels(state, view, names), (g) => shareCurves(g, names, shown), (x) => `\u03c3 ${level(x)}`);

/** Lines over sigma from 0 on, on a linear axis. */
function lineRows(state: State, rows: readonly Panelled[], curvesOf: (group: Group) => LineCurve[], axis: string,
  postsOf: (group: Group) => Post[] = () => []): RowSpec[] {
  return rows.map(({ row, panels }) => {
    const curves = panels.flatMap(({ group }) => curvesOf(group));
    const all = extent([0, 1, ...curves.flatMap(({ curve }) => curve.mean)]) ?? { low: 0, high: 1 };
    return {
      title: rowTitle(state, row), sharedY: true, tooltip: 'axis', ...shapeOf(panels.length),
      panels: panels.map(({ arm, group }): PanelSpec => ({
        title: armTitle(state, arm), x: sigmaAxis(curves.map((c) => c.curve)), y: { name: axis, scale: linear, domain: padded(all, linear, 0.04) },
        arms: curvesOf(group).map((c) => marks(c, (v) => v, (v, a, b) => interval(v, a, b))), rulers: [{ at: 0, kind: 'zero' }], posts: postsOf(group),
        tipHead: (at) => `\u03c3 = ${level(at)}`,
      })),
    };
  });
}

export const errorKinds = ['initialisation', 'score', 'discretisation'] as const;
export const errorLines = (): Lines => ({ label: 'errors', names: errorKinds, style: diagnosticStyle, hidden: new Set() });
export const hasErrors = (group: Group): boolean => errorKinds.some(
  (k) => typeof group.metrics[`error.${k}`]?.mean === 'number' || typeof group.metrics[`path_error.${k}`]?.mean === 'number');

/** Per row two panels: what each source adds to the energy distance, and how far it moves the paths' ends. */
export function errorRows(state: State, view: DiagnosticView, shown: Lines): RowSpec[] {
  return panelled(state, view.column, hasErrors).map(({ row, panels }) => ({
    title: rowTitle(state, row), sharedY: false, tooltip: 'item', narrowest: 280, left: 74, shape: { ratio: 0.55, least: 190, most: 280 },
    panels: (['error', 'path_error'] as const).map((family): PanelSpec => {
      const kinds = errorKinds.filter((k) => !shown.hidden.has(k));
      const wide = 0.8 / Math.max(1, kinds.length);
      const arms = kinds.map((kind, k): ArmMarks => ({
        arm: kind, line: false, interval: 'bars', markEvery: 0, column: wide * 0.86,
        points: panels.map(({ arm, group }, i) => {
          const m = group.metrics[`${family}.${kind}`];
          const bounds = state.metric(`${family}.${kind}`);
          return { x: i + (k - (kinds.length - 1) / 2) * wide, y: m?.mean ?? null, low: within(bounds, m?.ci_low), high: within(bounds, m?.ci_high),
            tip: `${arm}: ${intervalWithin(bounds, m)}` };
        }),
      }));
      const all = extent([0, ...arms.flatMap((a) => a.points.flatMap((p) => [p.y, p.low, p.high]))]) ?? { low: 0, high: 1 };
      const domain = padded(all, linear, 0.07);
      return {
        title: family === 'error' ? 'added to the energy distance' : 'distance between the ends of paths',
        x: { name: state.roles.arm ?? '', scale: linear, domain: { low: -0.6, high: panels.length - 0.4 },
          ticks: panels.map(({ arm }, i) => ({ at: i, label: arm })) },
        y: { name: family === 'error' ? 'energy distance' : 'root mean square, latent', scale: linear,
          domain: { low: all.low < 0 ? domain.low : 0, high: domain.high } },
        arms, rulers: [{ at: 0, kind: 'zero' }],
      };
    }),
  }));
}

/** Curves with places of their own, as a table: a row per group and line, a column per place. */
export function placedTable(state: State, rows: readonly Panelled[], linesOfGroup: (group: Group) => readonly LineCurve[], head: (x: number) =>
  string): TableData {
  const all = rows.flatMap(({ row, panels }) => panels.flatMap(({ arm, group }) => linesOfGroup(group).map((line) => ({ row, arm, line }))));
  const at = [...new Set(all.flatMap(({ line }) => line.curve.x ?? []))].sort((a, b) => a - b);
  return {
    head: [state.rowName, state.roles.arm ?? 'arm', 'line', ...at.map(head)].map((t) => t || '–'),
    rows: all.map(({ row, arm, line }) => [row, arm, line.name, ...at.map((x) => {
      const i = (line.curve.x ?? []).indexOf(x);
      return i < 0 ? '–' : intervalWithin(line.curve, { mean: line.curve.mean[i], ci_low: line.curve.ci_low?.[i], ci_high: line.curve.ci_high?.[i] });
    })]),
  };
}

export function explainedTable(state: State, view: DiagnosticView, shown: Lines, suffix = ''): TableData {
  const rows = panelled(state, view.column, (g) => hasCurve(g, (n) => n.startsWith(view.explained)));
  return placedTable(state, rows, (g) => explainedCurves(g, view, shown, suffix), (x) => (suffix === '' ? `\u03c3 ${level(x)}` : `step ${x}`));
}

export function modelTable(state: State, view: DiagnosticView, curve: string, shown: Lines): TableData {
  return placedTable(state, panelled(state, view.column, (g) => hasCurve(g, (n) => n === curve)), (g) => modelCurves(g, curve, shown), (x) =>
    `\u03c3 ${level(x)}`);
}

export function errorTable(state: State, view: DiagnosticView): TableData {
  return {
    head: [state.rowName, state.roles.arm ?? 'arm', ...errorKinds.map((k) => `${k}, energy distance`), ...errorKinds.map((k) => `${k}, paths`)]
      .map((t) => t || '–'),
    rows: panelled(state, view.column, hasErrors).flatMap(({ row, panels }) =>
      panels.map(({ arm, group }) => [row, arm, ...['error', 'path_error'].flatMap((f) => errorKinds.map((k) => {
      return intervalWithin(state.metric(`${f}.${k}`), group.metrics[`${f}.${k}`]);
    }))])),
  };
}

/** A noise level as the spec writes it. */
export const level = (sigma: number): string => String(Number(sigma.toPrecision(4)));

/** A panel's title, where there is more than one arm. */
const armTitle = (state: State, arm: string): string => (state.arms.length > 1 ? arm : '');

/** What panels are, and which column is shown, for captions. */
export const shownWords = (state: State, view: DiagnosticView): string =>
  [columnTitle(state, view.column), state.chosenWords].filter(Boolean).join(', ');
