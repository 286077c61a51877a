import { plural } from '../format';
import type { Report } from '../model/report';

export interface Certainty {
  level: 'certain' | 'partly certain' | 'not certain yet' | 'nothing compared yet';
  words: string;
}

/** How much of the comparison by the sweep's own metric is called, in words. */
export function certainty(report: Report): Certainty {
  const metric = report.sweep.compare.metric;
  const own = report.comparisons.filter((c) => c.metric === metric);
  const name = (report.metrics.find((m) => m.name === metric)?.label ?? metric.replace(/_/g, ' ')).toLowerCase();
  if (own.length === 0) return { level: 'nothing compared yet', words: report.comparisons.length > 0 ? `Nothing is compared by ${name} yet.` : 'No two arms have trials of the same group and seed yet.' };
  const called = own.filter((c) => c.verdict !== 'undecided').length;
  const rule = `${report.family?.method ?? 'adjusted'}-adjusted p below ${report.family?.alpha ?? 0.05}`;
  if (called === 0) return { level: 'not certain yet', words: `None of ${plural(own.length, 'comparison')} by ${name} is certain (${rule}).` };
  if (called === own.length) return { level: 'certain', words: own.length === 1 ? `The comparison by ${name} is certain (${rule}).` : `All ${own.length} comparisons by ${name} are certain (${rule}).` };
  return { level: 'partly certain', words: `${called} of ${plural(own.length, 'comparison')} by ${name} ${called === 1 ? 'is' : 'are'} certain (${rule}); the other ${own.length - called} ${own.length - called === 1 ? 'is' : 'are'} undecided, which does not mean equal.` };
}
