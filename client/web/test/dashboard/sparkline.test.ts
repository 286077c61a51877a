import { describe, expect, it } from 'vitest';
import { sparkPath } from '../../src/dashboard/parts/sparkline';

describe('a running curve in a line', () => {
  it('spans its box, a positive loss logarithmically', () => {
    expect(sparkPath([1, 0.1, 0.01], 'loss')).toBe('M0.0 2.0L60.0 13.0L120.0 24.0');
    expect(sparkPath([-3, -2, -1], 'log_likelihood')).toBe('M0.0 24.0L60.0 13.0L120.0 2.0');
  });

  it('leaves a gap where there is no number', () => {
    expect(sparkPath([1, null, 3, 2], 'log_likelihood')).toBe('M0.0 24.0M80.0 2.0L120.0 13.0');
  });

  it('is nothing below two numbers, and level where nothing moves', () => {
    expect(sparkPath([1, null], 'loss')).toBe('');
    expect(sparkPath([2, 2], 'loss')).toBe('M0.0 24.0L120.0 24.0');
  });
});
