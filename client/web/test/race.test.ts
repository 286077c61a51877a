import { describe, expect, it } from 'vitest';
import { verdictCell, verdictWords } from '../src/model/comparisons';
import { readReport } from '../src/model/read';

const comparison = (more: Record<string, unknown>): Record<string, unknown> => ({
  axis: 'preprocessing', a: 'none', b: 'whiten', metric: 'energy_distance', family: 'primary', where: {}, averaged_over: [], seeds: 5,
  difference: { mean: 1, ci_low: 0.5, ci_high: 1.5 }, p_value: 0.01, p_adjusted: 0.02, verdict: 'undecided', ...more,
});

const look = { look: 1, seeds: 5, share: 0.2, at: '2026-01-02T03:04:05Z', called: 1, no_winner: 0, equivalent: 1, undecidable: 0, untested: 0,
  open: 2, groups: 3 };

const report = readReport(JSON.stringify({
  version: 2, sweep: { name: 's', axes: [], seeds: [], compare: { axis: 'preprocessing', baseline: 'none', metric: 'energy_distance' } },
  family: { comparisons: 4, method: 'Holm', alpha: 0.05, metric: 'energy_distance',
    race: { looks: [look, { look: 2, seeds: 20, share: 0.8, at: null }], margin: 0.5, planned: 40, spared: 10, finished: false } },
  comparisons: [
    comparison({ verdict: 'b', decision: 'called', look: 1 }),
    comparison({ decision: 'equivalent', look: 1, reason: 'no difference beyond 0.5, after 5 seeds' }),
    comparison({ decision: 'open', look: 1 }), comparison({ verdict: 'b' }),
  ],
}));

describe('a race', () => {
  it('is read with the looks that are judged and those that are not', () => {
    expect(report.family?.race?.looks.map((l) => [l.look, l.seeds, l.at])).toEqual([[1, 5, '2026-01-02T03:04:05Z'], [2, 20, null]]);
    expect([report.family?.race?.margin, report.family?.race?.spared, report.family?.race?.finished]).toEqual([0.5, 10, false]);
  });

  it('says of each comparison what was decided, and at which look', () => {
    expect(report.comparisons.map(verdictWords)).toEqual(['whiten better, at look 1', 'no difference', 'undecided', 'whiten better']);
    expect(verdictCell(report.comparisons[1] as (typeof report.comparisons)[number])).toBe('no difference (no difference beyond 0.5, after 5 seeds)');
  });
});
