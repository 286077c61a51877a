import type { Report } from './report';

/** Why no log-likelihood is drawn: measured elsewhere in the sweep or still to come, or by the reason that a trial gave. */
export function withoutLogLikelihood({ groups, trials }: Report): string {
  if (groups.some((g) => g.metrics.log_likelihood?.mean != null)) return trials.unfinished > 0 ? 'it is not measured yet for what is chosen'
    : 'it was not measured for what is chosen';
  return groups.map((g) => g.metrics.log_likelihood?.reason).find(Boolean)
    ?? (trials.unfinished > 0 ? 'it is not measured yet' : 'the data have no known density');
}
