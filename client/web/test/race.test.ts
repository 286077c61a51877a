import { describe, expect, it } from 'vitest';
import { finalTable } from '../src/figures/finals';
import { verdictCell, verdictWords } from '../src/model/comparisons';
import { outcome } from '../src/model/expectations';
import { firstSeeds, judgedSeeds, ownSeeds } from '../src/model/race';
import { readReport } from '../src/model/read';
import type { Report } from '../src/model/report';
import { State } from '../src/state';

const comparison = (more: Record<string, unknown>): Record<string, unknown> => ({
  axis: 'preprocessing', a: 'none', b: 'whiten', metric: 'energy_distance', family: 'primary', where: {}, averaged_over: [], seeds: 5,
  difference: { mean: 1, ci_low: 0.5, ci_high: 1.5 }, p_value: 0.01, p_adjusted: 0.02, verdict: 'undecided', ...more,
});

const look = { look: 1, seeds: 5, share: 0.2, at: '2026-01-02T03:04:05Z', called: 1, no_winner: 0, equivalent: 1, undecidable: 0, untested: 0,
  open: 2, groups: 3 };

const raw = {
  version: 2, sweep: { name: 's', axes: [], seeds: [], compare: { axis: 'preprocessing', baseline: 'none', metric: 'energy_distance' } },
  family: { comparisons: 4, method: 'Holm', alpha: 0.05, metric: 'energy_distance',
    race: { looks: [look, { look: 2, seeds: 20, share: 0.8, at: null }], margin: 0.5, planned: 40, spared: 10, finished: false } },
  comparisons: [
    comparison({ verdict: 'b', decision: 'called', look: 1 }),
    comparison({ decision: 'equivalent', look: 1, reason: 'no difference beyond 0.5, after 5 seeds' }),
    comparison({ decision: 'open', look: 1 }), comparison({ verdict: 'b' }),
  ],
};
const report = readReport(JSON.stringify(raw));

describe('a race', () => {
  it('is read with the looks that are judged and those that are not', () => {
    expect(report.family?.race?.looks.map((l) => [l.look, l.seeds, l.at])).toEqual([[1, 5, '2026-01-02T03:04:05Z'], [2, 20, null]]);
    expect([report.family?.race?.margin, report.family?.race?.spared, report.family?.race?.finished]).toEqual([0.5, 10, false]);
  });

  it('says over which seeds each table is', () => {
    const groups = [5, 20].map((n) => ({ axes: { width: n, preprocessing: 'none' }, seeds: Array.from({ length: n }, (_, i) => i),
      metrics: { energy_distance: { mean: 1, ci_low: 0, ci_high: 2, per_seed: Array.from({ length: n }, () => 1) } }, curves: {} }));
    const judged = (n: number): Record<string, unknown> => ({ axes: { width: n }, verdict: 'supported', mean: 1, low: 0, high: 2, seeds: n,
      per_seed: Array.from({ length: n }, () => 1) });
    const claim = { claim: 'c', is: '< 3', quantity: 'x', relation: '<', threshold: 3, metrics: ['energy_distance'], verdict: 'supported',
      reason: 'in both groups', groups: [judged(5), judged(20)], decisive: 1 };
    const change = (r: Record<string, unknown>): Report => readReport(JSON.stringify({ ...raw, groups, expectations: [claim], ...r,
      sweep: { ...raw.sweep, axes: [{ name: 'preprocessing', values: ['none'] }, { name: 'width', values: [5, 20] }] } }));
    const raced = change({});
    expect(firstSeeds(raced)).toBe('By the first 5 seeds, which every group of the race has.');
    expect(ownSeeds(raced)).toContain('by all the seeds that the race gave it, 5 to 20,');
    expect(judgedSeeds(raced)).toBe('5 to 20 seeds, as many as the race gave each group');
    expect(outcome(raced.expectations[0]!)).toBe('in both groups; least certain: 1.0 [0.0, 2.0] at width 20, over 20 seeds');
    const table = finalTable(new State(raced), ['energy_distance']);
    expect(table.rows.map((row) => row[table.head.indexOf('seeds')])).toEqual(['5', '20']);
    const plain = change({ family: null });
    expect([firstSeeds(plain), ownSeeds(plain), judgedSeeds(plain)]).toEqual(['', '', '5 to 20 seeds']);
    expect(finalTable(new State(plain), ['energy_distance']).head).not.toContain('seeds');
  });

  it('says of each comparison what was decided, and at which look', () => {
    expect(report.comparisons.map(verdictWords)).toEqual(['whiten better, at look 1', 'no difference', 'undecided', 'whiten better']);
    expect(verdictCell(report.comparisons[1] as (typeof report.comparisons)[number])).toBe('no difference (no difference beyond 0.5, after 5 seeds)');
  });
});
