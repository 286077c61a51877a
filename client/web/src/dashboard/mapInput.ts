import type { MapInput } from '../figures/map';
import type { Comparison, Group, MetricResult } from '../model/report';
import type { GridCell } from './model';

/** The cells of a grid as the groups of a report, as far as a map needs them: of a log-likelihood the grid knows the gap to the truth level. */
export function mapInput(cells: readonly GridCell[], metric: string, comparisons: readonly Comparison[]): MapInput {
  const gap = metric === 'log_likelihood' ? 'log_likelihood_gap' : metric.startsWith('log_likelihood_gap') ? metric : null;
  const result = (c: GridCell): MetricResult => {
    const value = c.metrics[gap ?? metric] ?? null;
    return gap === null ? { mean: value } : { mean: value === null ? null : gap === metric ? value : -value, truth_level: 0 };
  };
  return {
    groups: cells.filter((c) => c.completed > 0).map((c): Group =>
      ({ axes: c.key, seeds: [], trial_ids: [], metrics: { [metric]: result(c) }, curves: {}, notes: [] })),
    comparisons: [...comparisons],
  };
}
