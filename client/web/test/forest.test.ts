import { describe, expect, it } from 'vitest';
import { direction, scaleOf } from '../src/figures/forest';

describe('forest', () => {
  it('keeps a plain axis unless the differences dwarf their uncertainty', () => {
    expect(scaleOf([13, 0.01, -2], [0.3, 1, 5]).kind).toBe('linear');
    expect(scaleOf([26, 0.01], [0.02, 0.03]).kind).toBe('symlog');
    expect(scaleOf([1, 2], [NaN, NaN]).kind).toBe('linear');
  });
  it('says that right is better where nearness to the truth level is judged', () => {
    const metric = { name: 'log_likelihood', label: 'Log-likelihood', unit: 'nats', better: 'truth_level' as const, explanation: '' };
    expect(direction(metric, 'a', 'b')).toBe('right of zero: b nearer to the truth level, better; left: a better');
  });
});
