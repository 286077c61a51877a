import { describe, expect, it } from 'vitest';
import { gridPerDataSet, perDataSet, pointsPerDataSet, truthLevels } from '../../src/dashboard/perDataSet';
import type { Grid, MetricInfo, Points } from '../../src/dashboard/model';
import { readReport } from '../../src/model/read';
import { sample } from '../sample';

const likelihood: MetricInfo = { name: 'log_likelihood', label: 'Log-likelihood', unit: 'nats', better: 'truth_level' };
const energy: MetricInfo = { name: 'energy_distance', label: 'Energy distance', unit: '', better: 'lower' };
const values = [['rings', -1], ['rings', -3], ['cube', -101], ['cube', -103]] as const;
const none = new Map<string, number>();

describe('raw log-likelihoods of several data sets', () => {
  it('are gaps where every truth level is known', () => {
    const per = perDataSet(likelihood, values, new Map([['rings', -1], ['cube', -100]]));
    expect(per?.words).toBe('gap to the truth level of its data set');
    expect(values.map(([d, v]) => per?.of(d, v))).toEqual([0, 2, 1, 3]);
  });
  it('are taken about the mean of their data set where one is not', () => {
    const per = perDataSet(likelihood, values, new Map([['rings', -1]]));
    expect(per?.words).toBe('less the mean of its data set');
    expect(values.map(([d, v]) => per?.of(d, v))).toEqual([1, -1, 1, -1]);
  });
  it('stay as they are within one data set, and so do other metrics and gaps', () => {
    expect(perDataSet(likelihood, values.slice(0, 2), none)).toBeNull();
    expect(perDataSet(energy, values, none)).toBeNull();
    expect(perDataSet({ ...likelihood, name: 'log_likelihood_gap' }, values, none)).toBeNull();
  });
  it('never meet on the grid', () => {
    const cell = (dataset: string, value: number) => ({ key: { dataset }, metrics: { log_likelihood: value, energy_distance: 5 }, total: 1, queued: 0,
      running: 0, completed: 1, failed: 0, cancelled: 0 });
    const grid: Grid = { axes: ['dataset'], cells: [cell('rings', -2), cell('cube', -102)] };
    const made = gridPerDataSet(grid, likelihood, new Map([['rings', -1], ['cube', -100]]), () => true);
    expect(made.grid.cells.map((c) => c.metrics)).toEqual([{ log_likelihood: 1, energy_distance: 5 }, { log_likelihood: 2, energy_distance: 5 }]);
    expect(gridPerDataSet(grid, likelihood, none, (k) => k.dataset === 'cube').per).toBeNull();
  });
  it('never meet in parallel coordinates and effects', () => {
    const points: Points = { axes: ['dataset'], metrics: ['log_likelihood', 'energy_distance'], total: 2, sampled: false,
      rows: [['rings', 0, -2, 5], ['cube', 0, -102, 6], ['cube', 1, null, 7]] };
    const made = pointsPerDataSet(points, [likelihood, energy], () => new Map([['rings', -1], ['cube', -100]]));
    expect(made.points.rows).toEqual([['rings', 0, 1, 5], ['cube', 0, 2, 6], ['cube', 1, null, 7]]);
    expect([...made.per.keys()]).toEqual(['log_likelihood']);
  });
  it('know truth levels by the report', () => expect([...truthLevels(readReport(sample()), 'log_likelihood')]).toEqual([['ica4', -2]]));
});
