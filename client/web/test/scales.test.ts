import { describe, expect, it } from 'vitest';
import { choose, clippedAround, extent, gapsTo, linear, log, padded, symlog, readable, withEnds } from '../src/scales';

describe('symlog', () => {
  const scale = symlog(0.1);

  it('leaves out decades whose labels would stand in the zero’s', () => {
    expect(scale.ticks(-1e19, 1e39, 11).filter((v) => Math.abs(v) < 10)).toEqual([0]);
    expect(scale.ticks(-1, 10, 9)).toEqual([-1, -0.1, 0, 0.1, 1, 10]);
  });
  it('is odd, increasing and inverted by inverse', () => {
    const values = [-300, -10, -1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10, 300];
    const drawn = values.map(scale.forward);
    for (let i = 1; i < drawn.length; i++) expect(drawn[i]).toBeGreaterThan(drawn[i - 1] as number);
    values.forEach((v, i) => {
      expect(scale.inverse(drawn[i] as number)).toBeCloseTo(v, 9);
      expect(scale.forward(-v)).toBeCloseTo(-(drawn[i] as number), 12);
    });
  });
  it('gives every decade far from zero the same length', () => {
    expect(scale.forward(1000) - scale.forward(100)).toBeCloseTo(1, 2);
  });
  it('labels decades on both sides and zero, in order', () => {
    expect(scale.ticks(-20, 2)).toEqual([-10, -1, -0.1, 0, 0.1, 1]);
  });
  it('keeps to the number of labels asked for', () => {
    expect(scale.ticks(-1e4, 1e4, 7).length).toBeLessThanOrEqual(7);
    expect(scale.ticks(-1e4, 1e4, 7)).toContain(0);
  });
  it('writes signs', () => expect([10, -10, 0].map(scale.format)).toEqual(['+10', '\u221210', '0']));
});

describe('linear and log', () => {
  it('linear ticks are round and inside', () => expect(linear.ticks(0, 100, 6)).toEqual([0, 20, 40, 60, 80, 100]));
  it('linear ticks do not drift', () => expect(linear.ticks(0, 0.3, 4)).toEqual([0, 0.1, 0.2, 0.3]));
  it('log draws what is not positive at its least value', () => expect(log(0.01).forward(-5)).toBe(-2));
  it('log uses decades where there are enough and fills in where not', () => {
    expect(log(1e-9).ticks(0.001, 10)).toEqual([0.001, 0.01, 0.1, 1, 10]);
    expect(log(1e-9).ticks(1, 6)).toEqual([1, 2, 5]);
  });
});

describe('choose', () => {
  it.each([[[1, 2, 3], 'linear'], [[0.001, 1, 10], 'log'], [[-10, 0.01, 5], 'symlog'], [[], 'linear'], [[null, 0], 'linear']] as const)(
    'draws %j on a %s axis', (values, kind) => {
    expect(choose([...values]).kind).toBe(kind);
  });
});

describe('domains', () => {
  it('extent skips what is missing', () => {
    expect(extent([null, 3, undefined, NaN, -1])).toEqual({ low: -1, high: 3 });
    expect(extent([null])).toBeNull();
  });
  it('padded widens on both sides, also what has no length', () => {
    expect(padded({ low: 0, high: 10 }, linear, 0.1)).toEqual({ low: -1, high: 11 });
    const flat = padded({ low: 2, high: 2 }, linear);
    expect(flat.low).toBeLessThan(2);
    expect(flat.high).toBeGreaterThan(2);
  });
  it('clips a curve that starts a hundred nats below the truth level', () => {
    const domain = clippedAround([-120, -30, -2.5, -2.3], -2.3, 10);
    expect(domain.low).toBeCloseTo(-12.3);
    expect(domain.high).toBeGreaterThan(-2.3);
  });
  it('a gap is what is lacking, and missing where the value is', () => expect(gapsTo(-2, [-3, null, -2, -1.5])).toEqual([1, null, 0, -0.5]));
});

describe('what can be read together', () => {
  it('is all of it where nothing reaches far', () => expect(readable([[0, 1], [0, -2]], linear, 0)).toEqual({ domain: { low: -2, high: 1 }, cut: false }));
  it('crops the line that would flatten the others', () => {
    expect(readable([[0, -5], [-1e10, -2e10]], linear, 0)).toEqual({ domain: { low: -20, high: 0 }, cut: true });
    expect(readable([[0, -5], [-1, -4], [1e282, null]], linear, 0)?.domain).toEqual({ low: -5, high: 15 });
  });
  it('is nothing without a number', () => expect(readable([[null], []], linear, 0)).toBeNull());
  it('takes in ends of intervals as far as half the length beyond', () => {
    expect(withEnds({ low: -4, high: 0 }, [-5, null], linear)).toEqual({ domain: { low: -5, high: 0 }, cut: false });
    expect(withEnds({ low: -4, high: 0 }, [-1e10, 1e10], linear)).toEqual({ domain: { low: -6, high: 2 }, cut: true });
  });
});
