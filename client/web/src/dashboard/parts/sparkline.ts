import { svg } from '../../dom';
import { number, plural } from '../../format';
import type { RunningCurve } from '../model';
import { setAttribute } from '../patch';

const width = 120;
const height = 26;

/** The path of a curve in a box of 120 by 26: a loss on a logarithmic scale where it can be; gaps where there is no number. Empty below two numbers. */
export function sparkPath(points: readonly (number | null)[], curve: RunningCurve['curve']): string {
  const finite = points.filter((v): v is number => v !== null);
  if (finite.length < 2) return '';
  const logarithmic = curve === 'loss' && finite.every((v) => v > 0);
  const of = (v: number): number => (logarithmic ? Math.log(v) : v);
  const low = Math.min(...finite.map(of));
  const span = Math.max(...finite.map(of)) - low || 1;
  let path = '';
  let pen = 'M';
  points.forEach((v, i) => {
    if (v === null) {
      pen = 'M';
      return;
    }
    path += `${pen}${((i / (points.length - 1)) * width).toFixed(1)} ${(height - 2 - ((of(v) - low) / span) * (height - 4)).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

/** A running trial's curve in a line of a list, redrawn in place. */
export class Sparkline {
  private readonly path = svg('path', { 'vector-effect': 'non-scaling-stroke' });
  readonly element = svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' }, this.path);

  update(curve: RunningCurve | undefined): void {
    const path = curve ? sparkPath(curve.points, curve.curve) : '';
    setAttribute(this.element, 'hidden', path === '' ? '' : null);
    if (!curve || path === '') return;
    const what = curve.curve === 'loss' ? 'Training loss' : 'Log-likelihood';
    setAttribute(this.path, 'd', path);
    setAttribute(this.element, 'data-points', String(curve.count));
    setAttribute(this.element, 'aria-label', `${what} so far: ${number(curve.points[curve.points.length - 1], 4)} after ${plural(curve.count, 'point')}`);
  }
}
