import { describe, expect, it } from 'vitest';
import { isNever, middle } from '../src/figures/finals';
import { describe as words, label, rolesOf, valuesOf } from '../src/model/axes';
import { differenceWords, resplitWords, filterComparisons, noFilter, sortComparisons, verdictWords, whereWords, verdictCell } from '../src/model/comparisons';
import { withoutLogLikelihood } from '../src/model/missing';
import { readReport } from '../src/model/read';
import type { Comparison } from '../src/model/report';
import { notesAlike } from '../src/sections/details';
import { State } from '../src/state';
import { sample } from './sample';

describe('readReport', () => {
  it('refuses another version and says which it allows', () => expect(() => readReport('{"version": 1}')).toThrow('version: 1; allowed: 2'));
  it('refuses what is not an object', () => expect(() => readReport('[]')).toThrow('not a JSON object'));
  it('fills what a poor report lacks', () => {
    const report = readReport('{"version": 2}');
    expect(report.groups).toEqual([]);
    expect(report.sweep.threshold_nats).toBe(1);
    expect(new State(report).arms).toEqual(['']);
  });
});

describe('axes', () => {
  const report = readReport(sample());
  it('names a kind by its name and sorts numbers', () => {
    expect(label({ kind: 'file', name: 'wine' })).toBe('wine');
    expect(label({ kind: 'file' })).toBe('file');
    expect(valuesOf(report, 'width')).toEqual(['8', '16', '64']);
  });
  it('deals dataset to rows, width to columns and the rest to selectors', () => {
    expect(rolesOf(report)).toEqual({ arm: 'preprocessing', row: 'dataset', column: 'width', selectors: ['training.learning_rate'], mapped: null });
  });
  it('finds other parts when the width itself is compared', () => {
    const compared = readReport(sample((r) => { r.sweep.compare.axis = 'width'; }));
    expect(rolesOf(compared)).toEqual({ arm: 'width', row: 'dataset', column: 'training.learning_rate', selectors: ['preprocessing'], mapped: null });
  });
  it('finds the one group of an arm in a panel', () => {
    const state = new State(report);
    state.chosen['training.learning_rate'] = '0.001';
    expect(state.group('ica4', '16', 'standardize')?.axes).toEqual(
      { dataset: 'ica4', preprocessing: 'standardize', width: 16, 'training.learning_rate': 0.001 });
    state.chosen['training.learning_rate'] = '0.0003';
    expect(state.group('ica4', '16', 'standardize')?.axes['training.learning_rate']).toBe(0.0003);
  });
  it('writes a place in words', () => expect(words({ width: 8, 'training.learning_rate': 0.1 })).toBe('width 8, learning rate 0.1'));
});

const comparison = (c: Partial<Comparison>): Comparison => ({
  axis: 'preprocessing', a: 'standardize', b: 'gaussianize', metric: 'm', where: { dataset: 'x', width: 8 }, averaged_over: [], difference: { mean: 0 },
    verdict: 'undecided', family: 'primary', marks: [], resplit: null, ...c });

describe('comparisons', () => {
  const all = [
    comparison({ difference: { mean: 2 }, p_adjusted: 0.2 }), comparison({ difference: { mean: null }, p_adjusted: null, where: { dataset: 'x', width: 16 } }),
    comparison({ difference: { mean: -1 }, p_adjusted: 0.01, verdict: 'b' }),
      comparison({ where: { dataset: 'y' }, averaged_over: ['width'], metric: 'n', difference: { mean: 5 }, verdict: 'a' }),
  ];
  it('have the interval for rows like these beside that for these rows, where seeds split the same rows', () => {
    const split = comparison({ difference: { mean: 2, ci_low: 1, ci_high: 3 }, resplit: { test_to_train: 0.25, ci_low: -0.5, ci_high: 4.5 } });
    expect([differenceWords(split), resplitWords(split), resplitWords(comparison({}))]).toEqual(['+2.0 [1.0, 3.0]', '+2.0 [\u22120.5, 4.5]', '\u2013']);
  });
  it('sorts numbers as numbers with the missing last, both ways', () => {
    expect(sortComparisons(all, 'difference', false).map((c) => c.difference.mean)).toEqual([-1, 2, 5, null]);
    expect(sortComparisons(all, 'difference', true).map((c) => c.difference.mean)).toEqual([5, 2, -1, null]);
    expect(sortComparisons(all, 'where:width', true).map((c) => c.where.width)).toEqual([16, 8, 8, undefined]);
  });
  it('marks a p-value that leans on symmetry, but not what is so of any three seeds', () => {
    const marks = [{ kind: 'one_seed', text: 'seed 4 carries 80% of the squared deviation' }];
    expect(verdictCell(comparison({ verdict: 'b', seeds: 5, marks, reason: 'r' })))
      .toBe('gaussianize better \u2020 (r; seed 4 carries 80% of the squared deviation)');
    expect(verdictCell(comparison({ verdict: 'b', seeds: 3, marks }))).toBe('gaussianize better');
    expect(verdictCell(comparison({ seeds: 3, marks: [{ kind: 'unequal_spread', text: 'x varies 4 times as much' }] })))
      .toBe('undecided \u2020 (x varies 4 times as much)');
  });
  it('keeps the order of ties and the input', () => {
    const before = [...all];
    expect(sortComparisons(all, 'pair', true)).toEqual(all);
    expect(all).toEqual(before);
  });
  it('filters by metric, place, verdict and averages', () => {
    const count = (f: Partial<typeof noFilter>): number => filterComparisons(all, { ...noFilter, ...f }).length;
    expect([count({}), count({ metric: 'n' }), count({ where: { dataset: 'x' } }), count({ where: { width: '8' } }), count({ verdict: 'decided' }),
      count({ averaged: 'only' }), count({ averaged: 'without' })]).toEqual([4, 1, 3, 2, 2, 1, 3]);
  });
  it('says who is better and what was averaged', () => {
    expect(all.map(verdictWords)).toEqual(['undecided', 'undecided', 'gaussianize better', 'standardize better']);
    expect(whereWords(all[3] as Comparison, ['dataset', 'width'])).toBe('y, mean over widths');
  });
});

describe('steps to threshold', () => {
  it('takes never from the reason, not from a missing number alone', () => {
    expect(isNever({ per_seed: [null], reason: 'never in 1 of 1 seeds' }, 0)).toBe(true);
    expect(isNever({ per_seed: [null], reason: 'no known density' }, 0)).toBe(false);
  });
  it('counts never as latest in the median', () => {
    expect(middle({ per_seed: [null, 100, 90] }, 114)).toBe(100);
    expect(middle({ per_seed: [null, null, 90] }, 114)).toBe(114);
  });
});

describe('notes', () => {
  it('counts notes that differ in numbers alone as one kind', () => {
    const kinds = notesAlike([['a', 'component 0: bandwidth 0.01 (seed 0)'], ['a', 'component 1: bandwidth 2e-5 (seeds 1, 2)'],
      ['b', 'component 0: bandwidth 0.01'], ['b', 'did not converge']]);
    expect(kinds).toEqual([{ first: 'component 0: bandwidth 0.01 (seed 0)', count: 3, where: ['a', 'b'] },
      { first: 'did not converge', count: 1, where: ['b'] }]);
  });
});

describe('withoutLogLikelihood', () => {
  const words = (change: (r: Record<string, any>) => void): string => withoutLogLikelihood(readReport(sample(change)));
  const forget = (r: Record<string, any>): void => { for (const g of r.groups) { g.metrics = {}; g.curves = {}; } };
  it('says that it is still to come while trials are unfinished', () => expect(words((r) => { forget(r); r.trials.unfinished = 5; }))
    .toBe('it is not measured yet'));
  it('says that it is measured elsewhere', () => expect(words((r) => { r.trials.unfinished = 5; })).toBe('it is not measured yet for what is chosen'));
  it('gives the reason of the trials', () => expect(words((r) =>
    { forget(r); r.groups[0].metrics.log_likelihood = { mean: null, reason: 'wine has no density' }; })).toBe('wine has no density'));
  it('takes the density for unknown in the end', () => expect(words((r) => { forget(r); r.trials.unfinished = 0; })).toBe('the data have no known density'));
});
