import { label } from '../model/axes';
import type { Report } from '../model/report';
import type { Grid, MetricInfo, Points } from './model';

/** The metric that the server sends beside a log-likelihood. */
const gap = 'log_likelihood_gap';

/** What a raw log-likelihood is called where it is shown as its gap. */
const words = 'gap to the truth level of its data set';

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

/**
 * Raw log-likelihoods of different data sets lie on no common scale: a good value on one is a bad one on the other. Where several data sets are in view each
 * trial's gap to its truth level is shown instead.
 */
const needsGap = (metric: MetricInfo, datasets: Iterable<string>): boolean => raw(metric) && new Set(datasets).size > 1;

/** The grid with one metric as its gap, and how it is then called; the same grid where nothing is to be done. */
export function gridPerDataSet(grid: Grid, metric: MetricInfo, shown: (key: Readonly<Record<string, string>>) => boolean): { grid: Grid; per: string } {
  const measured = grid.cells.filter((c) => shown(c.key) && typeof c.metrics[metric.name] === 'number');
  if (!needsGap(metric, measured.map((c) => c.key.dataset ?? ''))) return { grid, per: '' };
  return { per: words, grid: { ...grid, cells: grid.cells.map((c) => ({ ...c, metrics: { ...c.metrics, [metric.name]: c.metrics[gap] ?? null } })) } };
}

/** The points with each raw log-likelihood as its gap, and those metrics. */
export function pointsPerDataSet(points: Points, metrics: readonly MetricInfo[]): { points: Points; per: Map<string, string> } {
  const at = points.axes.indexOf('dataset');
  const first = points.axes.length + 1;
  const from = first + points.metrics.indexOf(gap);
  const per = new Map<string, string>();
  if (at < 0 || from < first) return { points, per };
  let rows = points.rows;
  points.metrics.forEach((name, i) => {
    const metric = metrics.find((m) => m.name === name);
    const column = first + i;
    if (!metric || !needsGap(metric, rows.flatMap((r) => (typeof r[column] === 'number' ? [String(r[at])] : [])))) return;
    per.set(name, words);
    rows = rows.map((r) => r.map((v, c) => (c === column ? (r[from] ?? null) : v)));
  });
  return { points: { ...points, rows }, per };
}

/** How far a value is from the best there is: from the truth level where that is best; null where it isn't known. */
export function distance(metric: MetricInfo, isGap: boolean, truth: number | undefined, value: number): number | null {
  if (metric.better === 'lower') return value;
  if (metric.better === 'higher') return -value;
  if (isGap || metric.name.startsWith(gap)) return Math.abs(value);
  return truth === undefined ? null : Math.abs(value - truth);
}
