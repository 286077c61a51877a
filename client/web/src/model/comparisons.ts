import { interval } from '../format';
import { axisName, label } from './axes';
import type { Comparison, ComparisonFacets, Report } from './report';

/** What a comparison says, in words that need no colour. */
export function verdictWords(c: Comparison): string {
  if (c.verdict === 'undecided') return c.decision === 'equivalent' ? 'no difference' : 'undecided';
  return `${label(c.verdict === 'a' ? c.a : c.b)} better${c.decision && c.look ? `, at look ${c.look}` : ''}`;
}

/** The marks that set a comparison apart: of three seeds one nearly always carries over half of the squared deviation, so that is mentioned only once. */
export const tellingMarks = (c: Comparison): string[] => c.marks.filter((m) => (c.seeds ?? 0) > 3 || m.kind !== 'one_seed').map((m) => m.text);

/** The verdict with what is to be known of it: why there is none, and a dagger where the p-value leans on symmetry. */
export function verdictCell(c: Comparison): string {
  const marks = tellingMarks(c);
  const why = [...(c.reason ? [c.reason] : []), ...marks];
  return `${verdictWords(c)}${marks.length > 0 ? ' \u2020' : ''}${why.length > 0 ? ` (${why.join('; ')})` : ''}`;
}

/** "ica4, width 16"; an axis averaged over is said to be so. */
export function whereWords(c: Comparison, varying: readonly string[]): string {
  const fixed = varying.filter((n) => n in c.where).map((n) => (n === 'dataset' ? label(c.where[n]) : `${axisName(n)} ${label(c.where[n])}`));
  const averaged = c.averaged_over.map((n) => `mean over ${axisName(n)}s`);
  return [...fixed, ...averaged].join(', ') || 'all';
}

/** The difference with its interval for these rows. */
export const differenceWords = (c: Comparison): string => interval(c.difference.mean, c.difference.ci_low, c.difference.ci_high, true);

/** The same for rows like these, where every seed splits the same ones again; a dash where rows are drawn anew. */
export const resplitWords = (c: Comparison): string =>
  (c.resplit ? interval(c.difference.mean, c.resplit.ci_low, c.resplit.ci_high, true) : '\u2013');

export const pairWords = (c: { a: Comparison['a']; b: Comparison['b'] }): string => `${label(c.b)} \u2212 ${label(c.a)}`;

export interface Filter {
  metric: string;
  where: Readonly<Record<string, string>>;
  verdict: '' | 'decided' | 'undecided' | 'a' | 'b';
  pair: string;
  averaged: '' | 'only' | 'without';
}

export const noFilter: Filter = { metric: '', where: {}, verdict: '', pair: '', averaged: '' };

/** The comparisons a reader asked for. A comparison averaged over an axis has no value on it and passes only the empty choice. */
export function filterComparisons(all: readonly Comparison[], f: Filter): Comparison[] {
  return all.filter((c) =>
    (f.metric === '' || c.metric === f.metric) &&
    (f.pair === '' || pairWords(c) === f.pair) &&
    (f.verdict === '' || (f.verdict === 'decided' ? c.verdict !== 'undecided' : c.verdict === f.verdict)) &&
    (f.averaged === '' || (f.averaged === 'only') === c.averaged_over.length > 0) &&
    Object.entries(f.where).every(([axis, value]) => value === '' || (axis in c.where && label(c.where[axis]) === value)));
}

/** The facets of a report's comparisons: its own, or counted from what it has. */
export function facetsOf(report: Report): ComparisonFacets {
  if (report.facets) return report.facets;
  const all = report.comparisons;
  const metrics = new Map<string, { name: string; total: number; decided: number }>();
  const arms = new Map<string, Comparison['b']>();
  const axes = new Set<string>();
  const leads = new Map<string, { metric: string; arm: string; ahead: number; total: number }>();
  for (const c of all) {
    const m = metrics.get(c.metric) ?? { name: c.metric, total: 0, decided: 0 };
    m.total++;
    if (c.verdict !== 'undecided') m.decided++;
    metrics.set(c.metric, m);
    arms.set(label(c.b), c.b);
    if (c.averaged_over.length === 0 && c.better) {
      const key = JSON.stringify([c.metric, label(c.b)]);
      const lead = leads.get(key) ?? { metric: c.metric, arm: label(c.b), ahead: 0, total: 0 };
      lead.total++;
      if (c.better === 'b') lead.ahead++;
      leads.set(key, lead);
    }
    for (const axis of Object.keys(c.where)) axes.add(axis);
    for (const axis of c.averaged_over) axes.add(axis);
  }
  return { total: all.length, axis: all[0]?.axis ?? null, a: all[0]?.a, arms: [...arms.values()], axes: [...axes], metrics: [...metrics.values()],
    leads: [...leads.values()], averaged: all.some((c) => c.averaged_over.length > 0) };
}

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

export interface ComparisonPage {
  /** How many fit the filter, and how many of them are called. */
  found: number;
  decided: number;
  rows: Comparison[];
}

/**
 * Where comparisons come from: the report itself, or the server page by page. Tells at once or later, and not at all of a question that another has overtaken.
 */
export interface ComparisonSource {
  ask: (filter: Filter, sort: Sorting | null, take: number, told: (page: ComparisonPage) => void, failed: (why: string) => void) => void;
}

/** The comparisons of a report that has all of them. */
export const reportSource = (report: () => Report): ComparisonSource => ({
  ask: (filter, sort, take, told) => {
    const found = filterComparisons(report().comparisons, filter);
    const sorted = sort ? sortComparisons(found, sort.key, sort.descending) : found;
    told({ found: found.length, decided: found.filter((c) => c.verdict !== 'undecided').length, rows: sorted.slice(0, take) });
  },
});

export type SortKey = 'metric' | 'pair' | 'difference' | 'p_value' | 'p_adjusted' | 'verdict' | 'seeds' | `where:${string}`;

/** Sorts without touching the input: numbers as numbers, words by locale, what is missing last in either direction; ties keep their order. */
export function sortComparisons(all: readonly Comparison[], key: SortKey, descending: boolean): Comparison[] {
  const read = (c: Comparison): string | number | null => {
    if (key.startsWith('where:')) {
      const value = c.where[key.slice(6)];
      return value === undefined ? null : typeof value === 'number' ? value : label(value);
    }
    switch (key) {
      case 'metric': return c.metric;
      case 'pair': return pairWords(c);
      case 'difference': return c.difference.mean ?? null;
      case 'p_value': return c.p_value ?? null;
      case 'p_adjusted': return c.p_adjusted ?? null;
      case 'verdict': return verdictWords(c);
      case 'seeds': return c.seeds ?? null;
      default: return null;
    }
  };
  const sign = descending ? -1 : 1;
  return all.map((c, i) => ({ c, i, v: read(c) })).sort((x, y) => {
    if (x.v === null || y.v === null) return x.v === y.v ? x.i - y.i : x.v === null ? 1 : -1;
    const order = typeof x.v === 'number' && typeof y.v === 'number' ? x.v - y.v : String(x.v).localeCompare(String(y.v), 'en', { numeric: true });
    return order === 0 ? x.i - y.i : sign * order;
  }).map(({ c }) => c);
}
