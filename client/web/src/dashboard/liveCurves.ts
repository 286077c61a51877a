import type { RowSpec } from '../charts/spec';
import { number } from '../format';
import { choose, extent, linear, log, padded } from '../scales';
import type { LiveTrial } from './model';

/** The figures of a running attempt: one for each curve that has a point to show. */
export function liveCurves(live: LiveTrial): RowSpec[] {
  return [
    figure('Training loss so far', 'training step', 'Loss', live.losses.map((y, i) => [live.steps[i] ?? 0, y])),
    figure('Log-likelihood so far', 'reverse step', 'Log-likelihood (nats)', live.log_likelihood.map((y, i) => [i, y])),
  ].filter((row): row is RowSpec => row !== null);
}

function figure(title: string, x: string, y: string, points: readonly (readonly [number, number | null])[]): RowSpec | null {
  const drawn = points.filter(([, value]) => value !== null);
  const values = drawn.map(([, value]) => value);
  const all = extent(values);
  const along = extent(drawn.map(([at]) => at));
  if (all === null || along === null) return null;
  const scale = all.low > 0 && all.high / all.low > 5 ? log(all.low * 0.5) : choose(values);
  return {
    title, sharedY: true, tooltip: 'axis', shape: { ratio: 0.4, least: 160, most: 260 },
    panels: [{
      title: '', arms: [{ arm: title, line: true, interval: 'none', markEvery: 0,
        points: drawn.map(([at, value]) => ({ x: at, y: value, tip: number(value, 4) })) }],
      x: { name: x, scale: linear, domain: along.low < along.high ? along : { low: along.low - 0.5, high: along.high + 0.5 } },
      y: { name: y, scale, domain: padded(all, scale, 0.05) },
      rulers: [], tipHead: (at) => `${x} ${number(at, 6)}`,
    }],
  };
}
