import { describe, expect, it } from 'vitest';
import { liveCurves } from '../../src/dashboard/liveCurves';
import type { LiveTrial } from '../../src/dashboard/model';

const live = (more: Partial<LiveTrial>): LiveTrial =>
  ({ trial: 't', attempt: 1, phase: 'train', fraction: 0.5, steps: [], losses: [], log_likelihood: [], ...more });

describe('a running attempt', () => {
  it('has a figure for each curve that has a point', () => {
    expect(liveCurves(live({}))).toEqual([]);
    expect(liveCurves(live({ steps: [20, 40], losses: [0.5, null] })).map((r) => r.title)).toEqual(['Training loss so far']);
    expect(liveCurves(live({ steps: [20], losses: [0.5], log_likelihood: [-9, -8, -2] })).map((r) => r.title))
      .toEqual(['Training loss so far', 'Log-likelihood so far']);
  });

  it('leaves out what is not a number, and keeps the steps of the rest', () => {
    const points = liveCurves(live({ steps: [20, 40, 60], losses: [0.5, null, 0.25] }))[0]?.panels[0]?.arms[0]?.points ?? [];
    expect(points.map((p) => [p.x, p.y])).toEqual([[20, 0.5], [60, 0.25]]);
  });
});
