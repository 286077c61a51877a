import { plural } from '../format';
import { label } from '../model/axes';
import { facetsOf } from '../model/comparisons';
import type { Report } from '../model/report';

export interface Certainty {
  level: 'certain' | 'partly certain' | 'not certain yet' | 'not certain' | 'nothing compared yet' | 'nothing compared';
  words: string;
}

/**
 * How many comparisons by the sweep's metric are called, in words.
 * @param over The sweep is over: the answer is final.
 */
export function certainty(report: Report, over = false): Certainty {
  const metric = report.sweep.compare.metric;
  const facets = facetsOf(report);
  const listed = facets.metrics.find((m) => m.name === metric) ?? { total: 0, decided: 0 };
  const called = listed.decided;
  // The family is fixed by the spec: what has no result yet is in it, and what has no test keeps its place.
  const total = report.family?.metric ? (report.family.tested > 0 ? report.family.comparisons : 0) : listed.total;
  const name = (report.metrics.find((m) => m.name === metric)?.label ?? metric.replace(/_/g, ' ')).toLowerCase();
  if (total === 0) return { level: over ? 'nothing compared' : 'nothing compared yet', words: facets.total > 0
    ? `Nothing is compared by ${name}${over ? '' : ' yet'}.` : `No two arms have trials of the same group and seed${over ? '' : ' yet'}.` };
  const rule = `${report.family?.method ?? 'adjusted'}-adjusted p below ${report.family?.alpha ?? 0.05}`;
  if (called === 0) return { level: over ? 'not certain' : 'not certain yet',
    words: `None of ${plural(total, 'comparison')} by ${name} is certain (${rule}).` };
  if (called === total) return { level: 'certain', words: total === 1 ? `The comparison by ${name} is certain (${rule}).`
    : `All ${total} comparisons by ${name} are certain (${rule}).` };
  return { level: 'partly certain',
    words: `${called} of ${plural(total, 'comparison')} by ${name} ${called === 1 ? 'is' : 'are'} certain (${rule}); the other ${total - called} `
      + `${total - called === 1 ? 'is' : 'are'} undecided, which does not mean equal.` };
}

const mostLeads = 3;

/** Which arms are ahead of the baseline by their means, significant or not; empty if nothing is compared. */
export function leadWords(report: Report): string {
  const facets = facetsOf(report);
  const leads = facets.leads.filter((l) => l.metric === report.sweep.compare.metric && l.total > 0)
    .sort((x, y) => y.ahead / y.total - x.ahead / x.total || y.total - x.total);
  const [first] = leads;
  if (!first) return '';
  const baseline = label(facets.a);
  if (leads.length === 1
    && first.total === 1) return `By the mean alone ${first.ahead > 0 ? `${first.arm} is ahead of ${baseline}` : `${baseline} is ahead of ${first.arm}`}.`;
  const more = leads.slice(1, mostLeads).map((l) => `, ${l.arm} in ${l.ahead} of ${l.total}`);
  return `Ahead of ${baseline} by the mean, certain or not: ${first.arm} in ${first.ahead} of `
    + `${plural(first.total, 'group')}${more.join('')}${leads.length > mostLeads ? `; ${plural(leads.length - mostLeads, 'other arm')} no more often` : ''}.`;
}
