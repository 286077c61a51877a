import type { MetricInfo } from './model';

/** Whether the best of a metric come first when it is sorted from the highest down: a log-likelihood nears its truth level from below. */
export const highestFirst = (metric: Pick<MetricInfo, 'name' | 'better'>): boolean =>
  metric.better === 'higher' || (metric.better === 'truth_level' && metric.name.startsWith('log_likelihood') && !metric.name.includes('_gap'));

/** The one best of some values, by the metric's own direction; null of equals, and where none is known, or which way is better. */
export function bestOf(metric: Pick<MetricInfo, 'better'>, values: readonly { value: number | null; truth: number | null }[]): number | null {
  const cost = (v: { value: number | null; truth: number | null }): number | null => (v.value === null ? null : metric.better === 'higher' ? -v.value
    : metric.better === 'lower' ? v.value : metric.better === 'truth_level' && v.truth !== null ? Math.abs(v.value - v.truth) : null);
  const costs = values.map(cost);
  const least = Math.min(...costs.filter((c): c is number => c !== null));
  const best = costs.indexOf(least);
  return best >= 0 && costs.lastIndexOf(least) === best ? best : null;
}
