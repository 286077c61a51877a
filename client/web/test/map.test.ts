import { describe, expect, it } from 'vitest';
import { mapInput } from '../src/dashboard/mapInput';
import { mapCaption, mapCells, mapTable } from '../src/figures/map';
import { picturePanels } from '../src/figures/curves';
import { label, rolesOf } from '../src/model/axes';
import { readReport } from '../src/model/read';
import type { Report } from '../src/model/report';
import { State } from '../src/state';

const sets = Array.from({ length: 9 }, (_, i) => `set${i}`);

/** Nine data sets by two arms by two widths: the gap is the set's number, halved by ica, and 1 more at width 8. */
const many = (change: (r: Record<string, any>) => void = () => undefined): Report => {
  const report: Record<string, any> = {
    version: 2, trials: {}, answer: { picture: { dataset: 'set3', width: 16 } },
    sweep: { name: 's', seeds: [0, 1], compare: { axis: 'preprocessing', baseline: 'none', metric: 'log_likelihood' },
      axes: [{ name: 'dataset', values: sets }, { name: 'preprocessing', values: ['none', 'ica'] }, { name: 'width', values: [8, 16] }] },
    metrics: [{ name: 'log_likelihood', label: 'Log-likelihood', unit: 'nats', better: 'truth_level' }],
    groups: sets.flatMap((dataset, d) => ['none', 'ica'].flatMap((preprocessing) => [8, 16].map((width) => ({
      axes: { dataset, preprocessing, width }, seeds: [0, 1],
      metrics: { log_likelihood: { mean: -10 - (d * (preprocessing === 'ica' ? 0.5 : 1) + (width === 8 ? 1 : 0)), truth_level: -10 } },
      curves: { log_likelihood: { mean: [-20, -10], ci_half: [0.5, null] } },
    })))),
    comparisons: [
      { metric: 'log_likelihood', where: { dataset: 'set4' }, averaged_over: ['width'], verdict: 'b' },
      { metric: 'log_likelihood', where: { dataset: 'set5', width: 8 }, averaged_over: [], verdict: 'a' },
      { metric: 'energy_distance', where: { dataset: 'set6' }, averaged_over: ['width'], verdict: 'b' },
    ].map((c) => ({ axis: 'preprocessing', a: 'none', b: 'ica', difference: {}, ...c })),
  };
  change(report);
  return readReport(JSON.stringify(report));
};

describe('a sweep of many data sets', () => {
  it('is summed up by a map, and one data set is looked at at a time', () => {
    expect(rolesOf(many())).toEqual({ arm: 'preprocessing', row: null, column: 'width', selectors: ['dataset'], mapped: 'dataset' });
    const state = new State(many());
    expect([state.rows, state.chosen, state.picksColumn]).toEqual([[''], { dataset: 'set3' }, true]);
  });

  it('opens with the picture of the data set that is looked at', () => {
    const state = new State(many());
    expect(picturePanels(state)).toEqual([{ row: '', column: '16', reason: '' }]);
    state.picked = '8';
    expect(picturePanels(state)[0]?.column).toBe('8');
  });

  it('has the mean gap of each, what is certain and what is best', () => {
    const cells = mapCells(new State(many()));
    const of = (row: string, arm: string) => cells.find((c) => c.row === row && c.arm === arm);
    expect(cells.length).toBe(18);
    expect(of('set4', 'none')).toEqual({ row: 'set4', arm: 'none', value: 4.5, certain: null, best: false });
    expect(of('set4', 'ica')).toEqual({ row: 'set4', arm: 'ica', value: 2.5, certain: 'better', best: true });
    expect([of('set5', 'ica')?.certain, of('set6', 'ica')?.certain]).toEqual([null, null]);
  });

  it('follows the picked width', () => {
    const state = new State(many());
    state.picked = '8';
    const cells = mapCells(state);
    expect(cells.find((c) => c.row === 'set5' && c.arm === 'ica')).toEqual({ row: 'set5', arm: 'ica', value: 3.5, certain: 'worse', best: true });
    expect(cells.every((c) => c.row !== 'set4' || c.certain === null)).toBe(true);
    expect(mapCaption(state)).toContain('at width 8.');
  });

  it('has no value where a setting has none', () => {
    const state = new State(many((r) => { r.groups[1].metrics.log_likelihood.mean = null; }));
    expect(mapCells(state)[0]?.value).toBeNull();
    expect(mapTable(state).rows[0]).toEqual(['set0', '–', '0.500']);
  });

  it('reads intervals by half their width', () =>
    expect(many().groups[0]?.curves.log_likelihood).toMatchObject({ ci_low: [-20.5, null], ci_high: [-19.5, null] }));
});

describe('the map of a report that is too large for a page', () => {
  it('is made of the grid, as of the report\u2019s groups', () => {
    const report = many();
    const whole = mapCells(new State(report));
    const cells = report.groups.map((g) => {
      const m = g.metrics.log_likelihood;
      const gap = typeof m?.mean === 'number' && typeof m.truth_level === 'number' ? m.truth_level - m.mean : null;
      return { key: Object.fromEntries(Object.entries(g.axes).map(([a, v]) => [a, label(v)])), total: 2, queued: 0, running: 0, completed: 2, failed: 0,
        cancelled: 0, metrics: { log_likelihood_gap: gap } };
    });
    const brief = new State({ ...report, groups: [], comparisons: [], live: true });
    const made = mapCells(brief, mapInput(cells, 'log_likelihood', report.comparisons));
    expect(made.map((c) => [c.row, c.arm, c.certain, c.best])).toEqual(whole.map((c) => [c.row, c.arm, c.certain, c.best]));
    made.forEach((c, i) => expect(c.value).toBeCloseTo(whole[i]?.value as number, 9));
  });
});
