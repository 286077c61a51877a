import { describe, expect, it } from 'vitest';
import { readReport } from '../../src/model/read';
import { certainty, leadWords } from '../../src/dashboard/certainty';
import { State } from '../../src/state';
import { sample } from '../sample';

const comparison = (verdict: string) => ({ axis: 'preprocessing', a: 'standardize', b: 'x', metric: 'log_likelihood', where: { dataset: 'ica4' },
  averaged_over: [], difference: { mean: 1 }, verdict });
const of = (...verdicts: string[]) => readReport(sample((r) =>
  { r.comparisons = verdicts.map(comparison); r.family = { comparisons: verdicts.length, method: 'Holm', alpha: 0.05, test: '' }; }));

describe('certainty', () => {
  it.each([[[], 'nothing compared yet'], [['undecided', 'undecided'], 'not certain yet'], [['b', 'undecided'], 'partly certain'], [['a', 'b'], 'certain']] as [
    string[], string][])('of %j is "%s"', (verdicts, level) => expect(certainty(of(...verdicts)).level).toBe(level));
  it('does not say yet of what is over', () => expect([certainty(of('undecided'), true).level, certainty(of(), true).words])
    .toEqual(['not certain', 'No two arms have trials of the same group and seed.']));
  it('counts the family that the spec fixed, not what has results already', () => {
    const family = { comparisons: 30, tested: 2, metric: 'log_likelihood', method: 'Holm', alpha: 0.05, test: '', seeds: 3, secondary: [], looks: [] };
    const report = (tested: number) => readReport(sample((r) => { r.comparisons = ['b', 'undecided'].map(comparison); r.family = { ...family, tested }; }));
    expect(certainty(report(2)).words).toBe(
      '1 of 30 comparisons by log-likelihood is certain (Holm-adjusted p below 0.05); the other 29 are undecided, which does not mean equal.');
    expect(certainty(report(0)).level).toBe('nothing compared yet');
  });
  it('says that undecided is not equal', () => expect(certainty(of('a', 'undecided', 'undecided')).words)
    .toBe('1 of 3 comparisons by log-likelihood is certain (Holm-adjusted p below 0.05); the other 2 are undecided, which does not mean equal.'));
});

describe('who is ahead', () => {
  const lead = (b: string, better: string | null, averaged: string[] = []) => ({ ...comparison('undecided'), b, better, averaged_over: averaged });
  const words = (...all: object[]) => leadWords(readReport(sample((r) => { r.comparisons = all; })));
  it('counts the groups in which the mean is better', () => expect(
    words(lead('whiten', 'a'), lead('x', 'b'), lead('x', 'b'), lead('x', 'a'), lead('x', 'b', ['width']), lead('x', null)))
      .toBe('Ahead of standardize by the mean, certain or not: x in 2 of 3 groups, whiten in 0 of 1.'));
  it('says it plainly of one comparison', () => expect([words(lead('x', 'b')), words(lead('x', 'a')), words()])
    .toEqual(['By the mean alone x is ahead of standardize.', 'By the mean alone standardize is ahead of x.', '']));
});

describe('a live report', () => {
  const part = (live: boolean) => {
    const report = readReport(sample((r) => { r.groups = r.groups.filter((g: { axes: { width: number } }) => g.axes.width === 8); }));
    report.live = live;
    return new State(report);
  };
  it('keeps a place for what has not completed yet; a finished one deals its axes out by what there is', () => expect([part(true).columns, part(false).columns])
    .toEqual([['8', '16', '64'], ['0.0003', '0.001']]));
  it('fits when more of the same sweep has completed', () => {
    const all = readReport(sample());
    all.live = true;
    const state = part(true);
    expect(state.fits(all)).toBe(true);
    let told = 0;
    state.onChange(() => told++);
    state.update(all);
    expect([told, state.group('ica4', '64', 'standardize')?.axes.width]).toEqual([1, 64]);
  });
  it('lets go of its listeners', () => {
    const state = part(true);
    let told = 0;
    let gone = 0;
    state.onChange(() => told++);
    state.onDispose(() => gone++);
    state.dispose();
    state.dispose();
    state.changed();
    expect([told, gone]).toEqual([0, 1]);
  });
});
