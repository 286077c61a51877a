import source from '../sample/report.json?raw';
import { describe, expect, it } from 'vitest';
import { init } from '../src/charts/echarts';
import { blocks, domainOf, expectationForest, scaleOf, wrap } from '../src/figures/expectations';
import { control, estimate, outcome, place, satisfies, subject, thresholds, shorter, withControls } from '../src/model/expectations';
import { readReport } from '../src/model/read';
import type { Expectation } from '../src/model/report';
import { themes } from '../src/palette';
import { sample } from './sample';

const report = readReport(source);
const claim = (i: number): Expectation => report.expectations[i] as Expectation;

function render(expectations: readonly Expectation[], width: number): string {
  const { option, height } = expectationForest(expectations)(width, themes.light);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option);
  const out = chart.renderToSVGString();
  chart.dispose();
  return out;
}

describe('expectations', () => {
  it('are read with their verdicts, and none from a report that has none', () => {
    expect(report.expectations.map((e) => e.verdict)).toEqual(['supported', 'undecided', 'refuted', 'refuted', 'supported', 'undecided']);
    expect(report.expectation_rules).toMatchObject({ supported: 2, refuted: 2, undecided: 2, withdrawn: [{ is: '<= 5' }] });
    const none = readReport(sample());
    expect([none.expectations, none.expectation_rules]).toEqual([[], null]);
  });
  it('say what is judged and what was found', () => {
    expect(subject(claim(0))).toBe('steps_to_threshold <= 20');
    expect(subject(claim(2))).toBe('b < a in log_likelihood_gap, a standardize, b gaussianize');
    expect(subject(claim(4))).toBe('b / a <= 0.3333, a log_likelihood_gap@20, b log_likelihood_gap');
    expect(outcome(claim(0))).toBe('in all 4 groups; least certain: 0 reverse steps at width 8');
    expect(estimate(claim(1), claim(1).groups[0]!)).toBe('at least 101 reverse steps (never in 3 of 3 seeds)');
    expect(place(claim(2), claim(2).groups[0]!)).toBe('ica4, width 8');
    expect(outcome(claim(5))).toContain('no result for seed 2: failed');
  });
  it('stand above their controls, which say whether they fail', () => {
    const same: Expectation = { ...claim(0), claim: 'preprocessing standardize', verdict: 'refuted', fails: true };
    const apart: Expectation = { ...claim(4), claim: 'width 8', is: 'claim - control >= 1', quantity: 'claim - control', compare: null, fails: false };
    const e: Expectation = { ...claim(0), verdict: 'empty', controls: [same, apart] };
    expect(withControls([e, claim(1)]).map((x) => x.claim)).toEqual([e.claim, 'control: preprocessing standardize', 'control: width 8', claim(1).claim]);
    expect(control(same)).toMatch(/^control preprocessing standardize fails: in all 4 groups/);
    expect(control(apart)).toMatch(/^control width 8 does not fail: claim - control >= 1: claim - control = /);
    expect(subject(apart)).toMatch(/^claim - control >= 1 in /);
    expect(render(withControls([e]), 900)).not.toMatch(/NaN|undefined|Infinity/);
    const read = readReport(JSON.stringify({ ...JSON.parse(source), expectations: [{ ...JSON.parse(source).expectations[0], verdict: 'empty', along: 'width',
      controls: [{ ...JSON.parse(source).expectations[1], fails: true }] }] })).expectations[0]!;
    expect([read.verdict, read.along, read.fails, read.controls.map((c) => [c.fails, c.verdict])]).toEqual(['empty', 'width', null, [[true, 'undecided']]]);
  });
  it('have both bounds where they stand in bars, and shade what satisfies them', () => {
    expect(thresholds(claim(5))).toEqual([-0.5, 0.5]);
    expect([satisfies(claim(5), -0.4), satisfies(claim(5), -0.6), satisfies(claim(0), 20), satisfies(claim(1), 100)]).toEqual([true, false, true, false]);
  });
  it('keep bounds and intervals within their axis', () => {
    for (const e of report.expectations) {
      const d = domainOf(e);
      for (const v of [...thresholds(e), ...e.groups.flatMap((g) => [g.low, g.high])]) if (typeof v === 'number') expect(v > d.low && v < d.high).toBe(true);
    }
  });
  it('take a logarithmic axis only where a runaway would hide the rest', () => {
    expect(report.expectations.map((e) => scaleOf(e).kind)).toEqual(report.expectations.map(() => 'linear'));
    const group = claim(3).groups[0]!;
    const runaway = { ...claim(3), groups: [{ ...group, mean: 6, low: 5, high: 40000 }, { ...group, mean: 9, low: 8, high: 10 }] };
    expect(scaleOf(runaway).kind).toBe('symlog');
    expect(domainOf(runaway).high).toBeGreaterThan(40000);
    expect(render([runaway], 900)).not.toMatch(/NaN|undefined|Infinity/);
  });
  it.each([340, 700, 1072])('lie below each other and inside %i pixels', (width) => {
    const all = blocks(report.expectations, width);
    all.forEach((b, i) => {
      expect(b.strip.x + b.strip.width).toBeLessThanOrEqual(width);
      expect(b.strip.y + b.strip.height).toBeLessThan(b.bottom);
      if (i > 0) expect(b.top).toBeGreaterThan((all[i - 1] as { bottom: number }).bottom);
    });
    const out = render(report.expectations, width);
    expect(out).toContain('<path');
    expect(out).not.toMatch(/NaN|undefined|Infinity/);
  });
  it('write the words of a spec as text, never as markup', () => {
    const out = render([{ ...claim(0), claim: '<img src=x onerror=alert(1)>' }], 900);
    expect(out).toContain('&lt;img');
    expect(out).not.toContain('<img');
  });
  it('wrap words and lose none', () => expect(wrap('one two three four five six', 60, 12).join(' ')).toBe('one two three four five six'));
});

describe('a reason', () => {
  it('is said once where it is that of every seed', () => expect(shorter('no result for seed 0: not completed; no result for seed 1: not completed'))
    .toBe('no result for any of 2 seeds: not completed'));
  it.each(['no result for seed 0: not completed', 'no result for seed 0: not completed; no result for seed 1: failed', 'never in 2 of 3 seeds'])(
    'stays otherwise: %s', (r) => expect(shorter(r)).toBe(r));
});
