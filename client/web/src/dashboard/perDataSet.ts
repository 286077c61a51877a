import { label } from '../model/axes';
import type { Report } from '../model/report';
import type { Grid, MetricInfo, Points } from './model';

/**
 * Raw log-likelihoods of different data sets lie on no common scale: a good value on one is a bad one on the other. Where several data sets are in view they are shown as the gap to their own data set's truth level,
 * or where a truth level is not at hand less the mean over what is in view of the data set; `words` says which.
 */
export interface PerDataSet {
  words: string;
  /** Whether it is the gap, of which 0 is best. */
  gap: boolean;
  /** What a value is shown as. */
  of: (dataset: string, value: number) => number;
}

/** A gap is on one scale already, and distances are in the data's own units, as everywhere. */
const raw = (metric: MetricInfo): boolean => metric.better === 'truth_level' && metric.name.startsWith('log_likelihood')
  && !metric.name.startsWith('log_likelihood_gap');

const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;

/** Mean truth levels by data set, as far as the report has them. */
export function truthLevels(report: Report | null, metric: string): Map<string, number> {
  const all = new Map<string, number[]>();
  for (const g of report?.groups ?? []) {
    const level = g.metrics[metric]?.truth_level;
    if (typeof level === 'number') all.set(label(g.axes.dataset), [...(all.get(label(g.axes.dataset)) ?? []), level]);
  }
  return new Map([...all].map(([dataset, levels]) => [dataset, mean(levels)]));
}

/** Null where the values are on one scale as they are: another metric, or one data set alone. */
export function perDataSet(metric: MetricInfo, values: readonly (readonly [string, number])[], truth: ReadonlyMap<string, number>): PerDataSet | null {
  const datasets = new Set(values.map(([d]) => d));
  if (!raw(metric) || datasets.size < 2) return null;
  if ([...datasets].every((d) => truth.has(d))) return { words: 'gap to the truth level of its data set', gap: true, of: (d, v) =>
    (truth.get(d) as number) - v };
  const means = new Map([...datasets].map((d) => [d, mean(values.filter(([x]) => x === d).map(([, v]) => v))]));
  return { words: 'less the mean of its data set', gap: false, of: (d, v) => v - (means.get(d) ?? 0) };
}

/** The grid with one metric per data set; the same grid where nothing is to be done. */
export function gridPerDataSet(grid: Grid, metric: MetricInfo, truth: ReadonlyMap<string, number>, shown: (key: Readonly<Record<string, string>>) => boolean): {
  grid: Grid; per: PerDataSet | null } {
  const cells = grid.cells.filter((c) => shown(c.key));
  const per = perDataSet(metric, cells.flatMap((c) => { const v = c.metrics[metric.name];
  return typeof v === 'number' ? [[c.key.dataset ?? '', v] as const] : []; }), truth);
  if (!per) return { grid, per };
  return { per, grid: { ...grid, cells: grid.cells.map((c) =>
    { const v = c.metrics[metric.name]; return typeof v === 'number' ? { ...c, metrics: { ...c.metrics, [metric.name]: per.of(c.key.dataset ?? '', v) } } : c;
    }) } };
}

/** The points with each raw log-likelihood per data set, and how each such metric is then called. */
export function pointsPerDataSet(points: Points, metrics: readonly MetricInfo[], truth: (metric: string) => ReadonlyMap<string, number>): {
  points: Points; per: Map<string, PerDataSet> } {
  const at = points.axes.indexOf('dataset');
  const per = new Map<string, PerDataSet>();
  if (at < 0) return { points, per };
  const seed = points.axes.length;
  let rows = points.rows;
  points.metrics.forEach((name, i) => {
    const metric = metrics.find((m) => m.name === name);
    const column = seed + 1 + i;
    const found = metric && perDataSet(metric, rows.flatMap((r) =>
      { const v = r[column]; return typeof v === 'number' ? [[String(r[at]), v] as const] : []; }), truth(name));
    if (!found) return;
    per.set(name, found);
    rows = rows.map((r) => r.map((v, c) => (c === column && typeof v === 'number' ? found.of(String(r[at]), v) : v)));
  });
  return { points: { ...points, rows }, per };
}
