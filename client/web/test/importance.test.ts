import { describe, expect, it } from 'vitest';
import { readReport } from '../src/model/read';
import { hasTradeOff, settingWords, tradeOffTable } from '../src/model/tradeoff';
import { importanceTable, percent } from '../src/sections/importance';
import { State } from '../src/state';
import { sample } from './sample';

describe('what matters', () => {
  const report = readReport(sample((r) => {
    r.importance = [
      { dataset: 'ica4', seeds: [0, 1],
        effects: [{ axes: ['preprocessing'], share: 0.62, low: 0.4, high: 0.8 }, { axes: [], share: 0.004, low: null, high: null }],
        seed_share: 0.1, error_share: 0.276 },
      { dataset: 'moons', seeds: [], effects: [], seed_share: null, error_share: null, reason: 'fewer than two seeds have a value in all 6 settings' },
    ];
  }));

  it('has a column for each data set that could be analysed', () => {
    expect(importanceTable(report.importance)).toEqual({ head: ['', 'ica4'], rows: [['preprocessing', '62 % [40 %, 80 %]'],
      ['all further interactions', '<1 %'], ['seeds', '10 %'], ['settings differing from seed to seed', '28 %']] });
    expect(report.importance[1]?.reason).toMatch(/^fewer than two/);
  });

  it('has a row for each of many', () => {
    const [one] = report.importance;
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((dataset) => ({ ...one!, dataset }));
    const { head, rows } = importanceTable(many);
    expect([head[1], head.length, rows.length, rows[5]?.[0], rows[5]?.[1]]).toEqual(['preprocessing', 5, 6, 'f', '62 % [40 %, 80 %]']);
  });

  it('says what is next to nothing and next to all', () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(['0 %', '<1 %', '50 %', '>99 %', '100 %']);
  });

  it('is empty in reports from before there was any', () => {
    const before = readReport(sample());
    expect([before.importance, before.pareto, hasTradeOff(before)]).toEqual([[], [], false]);
  });
});

describe('trade-off', () => {
  it('lists every setting with where it stands', () => {
    const value = (mean: number): object => ({ mean, ci_low: mean - 1, ci_high: mean + 1 });
    const state = new State(readReport(sample((r) => {
      r.pareto = [{ dataset: '', x: 'energy_distance', y: 'sample_seconds', left_out: 1, points: [
        { axes: { width: 8, preprocessing: '</script><b>' }, x: value(3), y: value(2), front: true, beaten: false },
        { axes: { width: 16, preprocessing: 'standardize' }, x: value(4), y: value(3), front: false, beaten: true },
        { axes: { width: 64, preprocessing: 'standardize' }, x: value(5), y: value(1.5), front: false, beaten: false }] }];
    })));
    expect(tradeOffTable(state, state.report.pareto).rows.map((r) => [r[0], r[3]])).toEqual([['</script><b>, width 8', 'on the front'],
      ['standardize, width 16', 'beaten in both'], ['standardize, width 64', 'perhaps on the front']]);
    expect(settingWords(state, { axes: {}, x: { mean: 1, low: null, high: null }, y: { mean: 1, low: null, high: null }, front: true, beaten: false }))
      .toBe('the only setting');
  });
});
