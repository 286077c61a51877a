import type { ArmMarks, AxisSpec, PanelSpec, RowSpec } from '../charts/spec';
import type { Lines } from '../figure';
import { number } from '../format';
import { label } from '../model/axes';
import type { Cloud, Field } from '../model/report';
import { armStyle, type ArmStyle, type Theme } from '../palette';
import { linear, type Domain } from '../scales';
import type { State } from '../state';
import type { TableData } from '../table';
import { density, scatterOf } from './scatter';

const truthName = 'true samples';
const normalName = 'standard normal';
/** Columns of the marginals' histograms: some 400 points allow no more. */
const columns = 24;
/** More modes than colours would be told apart by none. */
const mostModes = 10;
const thin = 0.9;
/** With more modes the colours of arms would come twice. */
const paletteSize = 8;

/** The trials of a data set that are shown, with their arms. */
export const fieldsOf = (state: State, dataset: string): { arm: string; field: Field }[] => state.shownArms.flatMap((arm) => {
  const field = state.report.fields.find((f) => f.dataset === dataset && (state.roles.arm === null || label(f.axes[state.roles.arm]) === arm));
  return field ? [{ arm, field }] : [];
});

/** The data sets of which there are any. */
export const fieldSets = (state: State): string[] => [...new Set(state.report.fields.map((f) => f.dataset))];

/** The lines of the marginals beside the arms. */
export function latentLines(state: State): Lines {
  const style = (name: string, theme: Theme['name']): ArmStyle => {
    switch (name) {
      case truthName: return { color: theme === 'light' ? '#767676' : '#a8a8a8', dash: 'solid', symbol: 'circle' };
      case normalName: return { color: theme === 'light' ? '#111111' : '#f5f5f5', dash: [2, 2], symbol: 'diamond' };
      default: return state.style(name, theme);
    }
  };
  return { label: 'lines', names: [...state.arms, truthName, normalName], style, hidden: new Set() };
}

const square = { ratio: 1, least: 118, most: 260 };
const axis = (name: string, domain: Domain): AxisSpec => ({ name, scale: linear, domain });
const polyline = (arm: string, points: { x: number; y: number | null }[]): ArmMarks =>
  ({ arm, line: true, interval: 'none', markEvery: 0, points: points.map((p) => ({ ...p, tip: '' })) });

/** Where true points and samples lie in latent space, and below how each of its first coordinates is distributed. */
export function latentRows(state: State, dataset: string, lines: Lines): RowSpec[] {
  const shown = fieldsOf(state, dataset).filter(({ arm }) => !lines.hidden.has(arm));
  const [first] = shown;
  if (!first) return [];
  const { edge } = first.field;
  const plane = first.field.truth.y !== null;
  const cloudRow: RowSpec = {
    title: '', sharedY: true, tooltip: 'item', narrowest: 118, shape: square,
    panels: shown.map(({ arm, field }): PanelSpec => ({
      title: arm, arms: [], rulers: [], x: axis('latent 1', { low: -edge, high: edge }), y: axis('latent 2', { low: -edge, high: edge }),
      clouds: [...(lines.hidden.has(truthName) ? [] : [{ of: null, x: field.truth.x, y: field.truth.y as Float64Array }]),
        { of: arm, x: field.points.x, y: field.points.y as Float64Array }],
    })),
  };
  const normal = Array.from({ length: 81 }, (_, i) => -edge + (i * 2 * edge) / 80).map((x) => ({ x, y: Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI) }));
  const marginal = (k: 0 | 1): RowSpec => {
    const of = (cloud: Cloud): Cloud => ({ x: k === 0 ? cloud.x : (cloud.y as Float64Array), y: null });
    const domain = { low: -edge, high: edge };
    const curves = shown.map(({ arm, field }) => ({ arm, own: density(of(field.points), domain, columns),
      truth: density(of(field.truth), domain, columns) }));
    const most = Math.max(0.45, ...curves.flatMap((c) => [...c.own, ...c.truth].map((p) => p.y)));
    return {
      title: '', sharedY: true, tooltip: 'item', narrowest: 118, shape: { ratio: 0.6, least: 90, most: 150 },
      panels: curves.map(({ arm, own, truth }): PanelSpec => ({
        title: arm, rulers: [], x: axis(`latent ${k + 1}`, domain), y: axis('density', { low: 0, high: Math.min(most, 1.5) * 1.05 }),
        arms: ([[truthName, truth], [arm, own], [normalName, normal]] as [string, { x: number; y: number }[]][]).filter(([n]) => !lines.hidden.has(n))
          .map(([name, points]) => polyline(name, points)),
      })),
    };
  };
  return [...(plane ? [cloudRow] : []), marginal(0), ...(plane ? [marginal(1)] : [])];
}

/** Mean, spread and shape of what is seen of latent space: 0, 1, 0 and 0 of a standard normal. */
export function latentTable(state: State, dataset: string): TableData {
  const moments = (values: Float64Array): string[] => {
    const n = Math.max(1, values.length);
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const central = (power: number): number => values.reduce((a, b) => a + (b - mean) ** power, 0) / n;
    const sd = Math.sqrt(central(2));
    return [number(mean), number(sd), number(central(3) / sd ** 3), number(central(4) / sd ** 4 - 3)];
  };
  return {
    head: ['arm', 'points', 'coordinate', 'trial', 'mean', 'standard deviation', 'skewness', 'excess kurtosis'],
    rows: fieldsOf(state, dataset).flatMap(({ arm, field }) => ([[truthName, field.truth], ['samples', field.points]] as [string, Cloud][])
      .flatMap(([what, cloud]) => [cloud.x, ...(cloud.y ? [cloud.y] : [])]
        .map((values, k) => [arm, what, `latent ${k + 1}`, field.trial, ...moments(values)]))),
  };
}

/** The plane that a data set's points are drawn in. */
function dataAxes(state: State, dataset: string): { x: AxisSpec; y: AxisSpec } | null {
  const scatter = state.report.scatters.find((s) => s.dataset === dataset) ?? scatterOf(state, dataset);
  if (!scatter || scatter.axes.length < 2) return null;
  const of = (k: 0 | 1): AxisSpec => axis(scatter.axes[k] ?? '', { low: scatter.low[k] ?? 0, high: scatter.high[k] ?? 1 });
  return { x: of(0), y: of(1) };
}

const truthCloud = (state: State, dataset: string): { of: null; x: ArrayLike<number>; y: ArrayLike<number> }[] => {
  const truth = state.report.scatters.find((s) => s.dataset === dataset)?.truth;
  return truth?.y ? [{ of: null, x: truth.x, y: truth.y }] : [];
};

const hasGrid = (field: Field): boolean => field.grid.length > 0;

/** A square latent grid as each arm's fitted map lays it over data space. */
export function gridRow(state: State, dataset: string): RowSpec | null {
  const axes = dataAxes(state, dataset);
  const shown = fieldsOf(state, dataset).filter(({ field }) => hasGrid(field));
  if (!axes || shown.length === 0) return null;
  return {
    title: '', sharedY: true, tooltip: 'item', narrowest: 150, shape: square,
    panels: shown.map(({ arm, field }): PanelSpec => ({
      title: arm, ...axes, rulers: [], clouds: truthCloud(state, dataset),
      arms: [{ ...polyline(arm, field.grid.flatMap((line) => [...Array.from(line.x, (x, i) => ({ x, y: line.y?.[i] ?? null })), { x: 0, y: null }])),
        width: thin }],
    })),
  };
}

/** How uneven the lines of the grid are: 1 of an affine map. */
export const gridTable = (state: State, dataset: string): TableData => ({
  head: ['arm', 'trial', 'lines', 'longest over shortest step of a line'],
  rows: fieldsOf(state, dataset).filter(({ field }) => hasGrid(field)).map(({ arm, field }) => [arm, field.trial, String(field.grid.length),
    number(Math.max(...field.grid.map(unevenness)))]),
});

function unevenness(line: Cloud): number {
  const y = line.y ?? line.x;
  const steps = Array.from({ length: line.x.length - 1 }, (_, i) => Math.hypot((line.x[i + 1] ?? 0) - (line.x[i] ?? 0), (y[i + 1] ?? 0) - (y[i] ?? 0)));
  return Math.max(...steps) / Math.max(Math.min(...steps), 1e-9);
}

/** The arms as the grid shows them. */
export const gridLines = (state: State): Lines => ({ label: 'arms', names: state.arms, hidden: state.hidden,
  style: (name, theme) => ({ ...state.style(name, theme), dash: 'solid' }) });

const modeName = (mode: number): string => `mode ${mode + 1}`;

/** What the colours of paths are: the modes they end in, or the arms where modes are not known or too many. */
export function pathLines(state: State, dataset: string): Lines | null {
  const modes = new Set(fieldsOf(state, dataset).flatMap(({ field }) => field.paths?.modes ?? []));
  if (modes.size === 0) return null;
  const names = [...modes].sort((a, b) => a - b).map(modeName);
  const hue = (name: string): string => `hsl(${Math.round((360 * names.indexOf(name)) / names.length)}, 65%, 50%)`;
  return { label: 'modes', names, hidden: new Set(), style: (name, theme) => {
    const look = armStyle(names.indexOf(name), -1, theme);
    return { ...look, dash: 'solid', color: names.length > paletteSize ? hue(name) : look.color };
  } };
}

export const showsModes = (lines: Lines | null): boolean => lines !== null && lines.names.length <= mostModes;

/** Coordinates of samples against the reverse step, from noise to the end. */
export function pathRows(state: State, dataset: string, lines: Lines | null): RowSpec[] {
  const scatter = state.report.scatters.find((s) => s.dataset === dataset);
  const shown = fieldsOf(state, dataset).filter(({ field }) => field.paths !== null);
  if (!scatter || shown.length === 0) return [];
  const steps = Math.max(1, ...state.report.groups.filter((g) => label(g.axes.dataset) === dataset)
    .map((g) => (g.curves.log_likelihood?.mean.length ?? 0) - 1));
  return scatter.axes.map((name, k): RowSpec => ({
    title: '', sharedY: true, tooltip: 'item', narrowest: 150, shape: { ratio: 0.62, least: 118, most: 190 },
    panels: shown.map(({ arm, field }): PanelSpec => {
      const paths = field.paths as NonNullable<Field['paths']>;
      const values = k === 0 ? paths.cloud.x : (paths.cloud.y as Float64Array);
      const last = paths.moments - 1;
      const by = new Map<string, { x: number; y: number | null }[]>();
      for (let path = 0; path < values.length / paths.moments; path++) {
        const of = paths.modes ? modeName(paths.modes[path] ?? 0) : arm;
        if (lines?.hidden.has(of)) continue;
        by.set(of, [...(by.get(of) ?? []), ...Array.from({ length: paths.moments }, (_, m) => ({ x: Math.round((m * steps) / Math.max(1, last)),
          y: values[path * paths.moments + m] ?? null })), { x: steps, y: null }]);
      }
      return {
        title: arm, rulers: [], x: axis('reverse step', { low: 0, high: steps }),
        y: axis(name, { low: scatter.low[k] ?? 0, high: scatter.high[k] ?? 1 }),
        arms: [...by].map(([of, points]) => ({ ...polyline(of, points), width: thin })),
      };
    }),
  }));
}

/** How many paths end in each mode. */
export function pathTable(state: State, dataset: string): TableData {
  const shown = fieldsOf(state, dataset).filter(({ field }) => field.paths !== null);
  const modes = [...new Set(shown.flatMap(({ field }) => field.paths?.modes ?? []))].sort((a, b) => a - b);
  return {
    head: ['arm', 'trial', 'paths', ...modes.map((m) => `end in ${modeName(m)}`)],
    rows: shown.map(({ arm, field }) => [arm, field.trial, String((field.paths?.cloud.x.length ?? 0) / (field.paths?.moments || 1)),
      ...modes.map((m) => String(field.paths?.modes?.filter((k) => k === m).length ?? 0))]),
  };
}

/** The noise levels at which there are scores. */
export const sigmasOf = (state: State, dataset: string): number[] =>
  [...new Set(fieldsOf(state, dataset).flatMap(({ field }) => field.scores.map((s) => s.sigma)))].sort((a, b) => a - b);

interface Arrows { x: number[]; y: number[]; dx: number[]; dy: number[] }

function arrows(score: Field['scores'][number], ends: Cloud): Arrows {
  const out: Arrows = { x: [], y: [], dx: [], dy: [] };
  const place = (i: number): number => score.edge * ((2 * i) / (score.side - 1) - 1);
  for (let i = 0; i < ends.x.length; i++) {
    const [x, y] = [place(i % score.side), place(Math.floor(i / score.side))];
    out.x.push(x);
    out.y.push(y);
    out.dx.push((ends.x[i] ?? 0) - x);
    out.dy.push((ends.y?.[i] ?? 0) - y);
  }
  return out;
}

/** The learned score over the exact one in latent space, as arrows of one scale. */
export function scoreRow(state: State, dataset: string, sigma: number): RowSpec | null {
  const shown = fieldsOf(state, dataset).flatMap(({ arm, field }) => field.scores.filter((s) => s.sigma === sigma).map((score) => ({ arm, score })));
  if (shown.length === 0) return null;
  return {
    title: '', sharedY: true, tooltip: 'item', narrowest: 150, shape: { ...square, most: 320 },
    panels: shown.map(({ arm, score }): PanelSpec => {
      const learned = arrows(score, score.learned);
      const exact = score.exact && arrows(score, score.exact);
      const longest = Math.max(1e-9, ...[learned, ...(exact ? [exact] : [])].flatMap((a) => a.dx.map((dx, i) => Math.hypot(dx, a.dy[i] ?? 0))));
      const scale = (1.5 * 2 * score.edge) / (score.side - 1) / longest;
      const scaled = (a: Arrows): Arrows => ({ ...a, dx: a.dx.map((v) => v * scale), dy: a.dy.map((v) => v * scale) });
      const domain = { low: -1.12 * score.edge, high: 1.12 * score.edge };
      return { title: arm, x: axis('latent 1', domain), y: axis('latent 2', domain), arms: [], rulers: [],
        arrows: [...(exact ? [{ of: null, ...scaled(exact) }] : []), { of: arm, ...scaled(learned) }],
        ...(exact ? {} : { cut: 'exact score not known' }) };
    }),
  };
}

/** How far the learned arrows are from the exact ones. */
export const scoreTable = (state: State, dataset: string): TableData => ({
  head: ['arm', 'trial', 'sigma', 'length of learned arrows', 'length of exact arrows', 'difference', 'difference over exact'],
  rows: fieldsOf(state, dataset).flatMap(({ arm, field }) => field.scores.map((score) => {
    const learned = arrows(score, score.learned);
    const exact = score.exact && arrows(score, score.exact);
    const size = (dx: readonly number[], dy: readonly number[]): number =>
      Math.sqrt(dx.reduce((sum, v, i) => sum + v ** 2 + (dy[i] ?? 0) ** 2, 0) / Math.max(1, dx.length));
    const apart = exact ? size(exact.dx.map((v, i) => v - (learned.dx[i] ?? 0)), exact.dy.map((v, i) => v - (learned.dy[i] ?? 0))) : null;
    const known = exact ? size(exact.dx, exact.dy) : null;
    return [arm, field.trial, String(score.sigma), number(size(learned.dx, learned.dy)), number(known), number(apart),
      number(apart !== null && known ? apart / known : null)];
  })),
});
