import { intervalWithin, withUnit } from '../format';
import type { State } from '../state';
import type { TableData } from '../table';
import { label } from './axes';
import type { Metric, Pareto, ParetoPoint, Report } from './report';

/** The setting as words: the compared arm first. */
export const settingWords = (state: State, point: ParetoPoint): string => {
  const { axis } = state.report.sweep.compare;
  const entries = Object.entries(point.axes);
  return [...entries.filter(([a]) => a === axis), ...entries.filter(([a]) => a !== axis)]
    .map(([a, v]) => (a === axis ? label(v) : `${a} ${label(v)}`)).join(', ') || 'the only setting';
};

/** A mean with its interval, within what the metric can be. */
export const pointWords = (metric: Metric, value: ParetoPoint['x']): string =>
  intervalWithin(metric, { mean: value.mean, ci_low: value.low, ci_high: value.high });

export const hasTradeOff = (report: Report): boolean => report.pareto.some((s) => s.points.length > 0);

const standing = (p: ParetoPoint): string => (p.front ? 'on the front' : p.beaten ? 'beaten in both' : 'perhaps on the front');

/** Every setting by both metrics. */
export function tradeOffTable(state: State, sections: readonly Pareto[]): TableData {
  const [first] = sections;
  const named = sections.some((s) => s.dataset !== '');
  const metrics = first ? [state.metric(first.x), state.metric(first.y)] as const : null;
  return {
    head: [...(named ? ['data set'] : []), 'setting', ...(metrics ? metrics.map((m) => withUnit(m.label, m.unit)) : []), ''],
    rows: metrics ? sections.flatMap((s) => s.points.map((p) =>
      [...(named ? [s.dataset] : []), settingWords(state, p), pointWords(metrics[0], p.x), pointWords(metrics[1], p.y), standing(p)])) : [],
  };
}
