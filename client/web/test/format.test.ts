import { describe, expect, it } from 'vitest';
import { fixed, inSentence, interval, intervalWithin, number, probability, signed, unbroken, within } from '../src/format';

describe('number', () => {
  it.each<[number | null, string]>([[null, '–'], [NaN, '–'], [0, '0'], [1234.5, '1235'], [0.012345, '0.0123'], [-2.3098, '\u22122.31'],
    [1.5e-7, '1.5e\u22127'], [3.2e8, '3.2e8'], [99.96, '100']])('writes %s as %s', (v, out) => {
    expect(number(v)).toBe(out);
  });
  it('shows the sign of a difference only where there is one', () => {
    expect([signed(0.5), signed(-0.5), signed(0)]).toEqual(['+0.500', '\u22120.500', '0']);
  });
});

describe('interval', () => {
  it('takes its decimals from its own width', () => {
    expect(interval(21.634946, 21.592941, 21.676951)).toBe('21.635 [21.593, 21.677]');
    expect(interval(-4.009, -4.4358, -3.5822)).toBe('\u22124.01 [\u22124.44, \u22123.58]');
    expect(interval(96.33, 93.46, 99.2)).toBe('96.3 [93.5, 99.2]');
  });
  it('is the mean alone without ends', () => {
    expect(interval(1.5, null, null)).toBe('1.50');
    expect(interval(null, 1, 2)).toBe('–');
  });
  it('keeps figures of very small values', () => {
    expect(interval(2e-5, 1e-5, 3e-5)).toBe('2e\u22125 [1e\u22125, 3e\u22125]');
  });
});

describe('the ends of an interval', () => {
  it('are shown where the quantity can lie', () => {
    expect([within({ least: 0 }, -0.85), within({ least: 0, most: 1 }, 1.2), within({}, -3), within({ least: 0 }, null)]).toEqual([0, 1, -3, null]);
    expect(intervalWithin({ least: 0 }, { mean: 0.5, ci_low: -0.85, ci_high: 1.85 })).toBe('0.50 [0.00, 1.85]');
    expect(intervalWithin({}, { mean: 0.5, ci_low: -0.85, ci_high: 1.85 })).toBe('0.5 [\u22120.8, 1.9]');
  });
});

describe('fixed and probability', () => {
  it('never writes minus zero', () => expect(fixed(-0.001, 2)).toBe('0.00'));
  it('never writes p = 0', () => expect([probability(0), probability(0.0004), probability(0.0321), probability(0.5), probability(null)])
    .toEqual(['< 0.001', '< 0.001', '0.032', '0.50', '–']));
});

describe('unbroken', () => {
  it('keeps an interval on one line', () => expect(unbroken('by 1.2 [1.0, 1.4] nats')).toBe('by 1.2 [1.0,\u00a01.4] nats'));
});

describe('inSentence', () => {
  it.each([['Energy distance', 'energy distance'], ['Sliced Wasserstein-2', 'sliced Wasserstein-2'], ['KL on equiprobable bins', 'KL on equiprobable bins'],
    ['', '']])('writes %s as %s', (label, out) => {
    expect(inSentence(label)).toBe(out);
  });
});
