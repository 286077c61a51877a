import type { Points } from './model';

/** Student's t: two-sided 95 % quantiles for 1 to 30 degrees of freedom; beyond, the normal's is close enough. */
const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086,
  2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042];
export const t95 = (freedom: number): number => quantiles[Math.min(quantiles.length, Math.max(1, freedom)) - 1] ?? 1.96;

export interface Level {
  label: string;
  mean: number | null;
  low: number | null;
  high: number | null;
  /** Number of trials. */
  trials: number;
}

export interface Effect {
  axis: string;
  levels: Level[];
  /** Largest minus smallest mean. */
  range: number;
  /** Uses only combinations of the other axes with a trial at every level, so that levels differ only in this axis. */
  balanced: boolean;
  /** Combinations of the other axes and seed used, out of all. */
  blocks: number;
  allBlocks: number;
}

const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;

/**
 * The marginal effect of one axis on one metric: the mean at each of its values over everything else. Each seed gives one mean per
 * value; the interval is Student's over seeds. Incomplete combinations are left out if any complete one exists.
 */
export function effectOf(points: Points, axis: string, labels: readonly string[], metric: string): Effect {
  const at = points.axes.indexOf(axis);
  const seed = points.axes.length;
  const value = seed + 1 + points.metrics.indexOf(metric);
  const blocks = new Map<string, { seed: string; by: Map<string, number[]> }>();
  for (const row of points.rows) {
    const v = row[value];
    if (typeof v !== 'number' || !Number.isFinite(v)) continue;
    const key = JSON.stringify(row.slice(0, seed + 1).map((x, i) => (i === at ? null : x)));
    let block = blocks.get(key);
    if (!block) blocks.set(key, (block = { seed: String(row[seed]), by: new Map() }));
    const level = String(row[at]);
    const list = block.by.get(level);
    if (list) list.push(v);
    else block.by.set(level, [v]);
  }
  const all = [...blocks.values()];
  const present = labels.filter((l) => all.some((b) => b.by.has(l)));
  const complete = all.filter((b) => present.every((l) => b.by.has(l)));
  const balanced = complete.length > 0 || all.length === 0;
  const used = balanced ? complete : all;
  const levels = labels.map((label): Level => {
    const bySeed = new Map<string, number[]>();
    let trials = 0;
    for (const block of used) {
      const v = block.by.get(label);
      if (!v) continue;
      trials += v.length;
      const list = bySeed.get(block.seed) ?? [];
      list.push(mean(v));
      bySeed.set(block.seed, list);
    }
    const means = [...bySeed.values()].map(mean);
    if (means.length === 0) return { label, mean: null, low: null, high: null, trials: 0 };
    const m = mean(means);
    if (means.length < 2) return { label, mean: m, low: null, high: null, trials };
    const variance = means.reduce((a, b) => a + (b - m) ** 2, 0) / (means.length - 1);
    const half = t95(means.length - 1) * Math.sqrt(variance / means.length);
    return { label, mean: m, low: m - half, high: m + half, trials };
  });
  const means = levels.map((l) => l.mean).filter((v): v is number => v !== null);
  return { axis, levels, range: means.length > 1 ? Math.max(...means) - Math.min(...means) : 0, balanced, blocks: used.length, allBlocks: all.length };
}
