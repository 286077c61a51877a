import { describe, expect, it } from 'vitest';
import { distance, gridPerDataSet, pointsPerDataSet, truthLevels } from '../../src/dashboard/perDataSet';
import type { Grid, MetricInfo, Points } from '../../src/dashboard/model';
import { readReport } from '../../src/model/read';
import { sample } from '../sample';

const likelihood: MetricInfo = { name: 'log_likelihood', label: 'Log-likelihood', unit: 'nats', better: 'truth_level' };
const gap: MetricInfo = { ...likelihood, name: 'log_likelihood_gap' };
const energy: MetricInfo = { name: 'energy_distance', label: 'Energy distance', unit: '', better: 'lower' };
const coverage: MetricInfo = { name: 'mode_coverage', label: 'Modes', unit: '', better: 'higher' };
const words = 'gap to the truth level of its data set';

describe('raw log-likelihoods of several data sets', () => {
  const cell = (dataset: string, value: number, less: number) => ({ key: { dataset },
    metrics: { log_likelihood: value, log_likelihood_gap: less, energy_distance: 5 }, total: 1, queued: 0, running: 0, completed: 1, failed: 0, cancelled: 0 });
  const grid: Grid = { axes: ['dataset'], cells: [cell('rings', -2, 1), cell('cube', -102, 2)] };
  const points: Points = { axes: ['dataset'], metrics: ['log_likelihood', 'energy_distance', 'log_likelihood_gap'], total: 3, sampled: false,
    rows: [['rings', 0, -2, 5, 1], ['cube', 0, -102, 6, 2], ['cube', 1, null, 7, null]] };

  it('never meet on the grid', () => {
    const made = gridPerDataSet(grid, likelihood, () => true);
    expect(made.per).toBe(words);
    expect(made.grid.cells.map((c) => c.metrics.log_likelihood)).toEqual([1, 2]);
  });
  it('stay as they are within one data set, and so do other metrics and gaps', () => {
    expect(gridPerDataSet(grid, likelihood, (k) => k.dataset === 'cube')).toEqual({ grid, per: '' });
    expect(gridPerDataSet(grid, energy, () => true)).toEqual({ grid, per: '' });
    expect(gridPerDataSet(grid, gap, () => true)).toEqual({ grid, per: '' });
    const cube = { ...points, rows: points.rows.slice(1) };
    expect(pointsPerDataSet(cube, [likelihood, energy])).toEqual({ points: cube, per: new Map() });
  });
  it('never meet in parallel coordinates and effects', () => {
    const made = pointsPerDataSet(points, [likelihood, energy]);
    expect(made.points.rows).toEqual([['rings', 0, 1, 5, 1], ['cube', 0, 2, 6, 2], ['cube', 1, null, 7, null]]);
    expect([...made.per]).toEqual([['log_likelihood', words]]);
  });
  it('know truth levels by the report', () => expect([...truthLevels(readReport(sample()), 'log_likelihood')]).toEqual([['ica4', -2]]));
});

describe('what is best', () => {
  it('is what the metric says', () => {
    expect(distance(energy, false, undefined, 3)).toBe(3);
    expect(distance(coverage, false, undefined, 3)).toBe(-3);
    expect(distance(gap, false, undefined, -3)).toBe(3);
    expect(distance(likelihood, true, undefined, -3)).toBe(3);
    expect(distance(likelihood, false, -2, -5)).toBe(3);
    expect(distance(likelihood, false, -2, 1)).toBe(3);
  });
  it('is unknown without a truth level', () => expect(distance(likelihood, false, undefined, 9)).toBeNull());
});
