import { plural } from '../format';
import { facetsOf } from '../model/comparisons';
import type { Report } from '../model/report';

export interface Certainty {
  level: 'certain' | 'partly certain' | 'not certain yet' | 'nothing compared yet';
  words: string;
}

/** How much of the comparison by the sweep's own metric is called, in words. */
export function certainty(report: Report): Certainty {
  const metric = report.sweep.compare.metric;
  const facets = facetsOf(report);
  const { total, decided: called } = facets.metrics.find((m) => m.name === metric) ?? { total: 0, decided: 0 };
  const name = (report.metrics.find((m) => m.name === metric)?.label ?? metric.replace(/_/g, ' ')).toLowerCase();
  if (total === 0) return { level: 'nothing compared yet', words: facets.total > 0 ? `Nothing is compared by ${name} yet.` : 'No two arms have trials of the same group and seed yet.' };
  const rule = `${report.family?.method ?? 'adjusted'}-adjusted p below ${report.family?.alpha ?? 0.05}`;
  if (called === 0) return { level: 'not certain yet', words: `None of ${plural(total, 'comparison')} by ${name} is certain (${rule}).` };
  if (called === total) return { level: 'certain', words: total === 1 ? `The comparison by ${name} is certain (${rule}).` : `All ${total} comparisons by ${name} are certain (${rule}).` };
  return { level: 'partly certain', words: `${called} of ${plural(total, 'comparison')} by ${name} ${called === 1 ? 'is' : 'are'} certain (${rule}); the other ${total - called} ${total - called === 1 ? 'is' : 'are'} undecided, which does not mean equal.` };
}
