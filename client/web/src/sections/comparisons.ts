import { h } from '../dom';
import { figure } from '../figure';
import { direction, forest } from '../figures/forest';
import { inSentence, number, plural, probability } from '../format';
import { axisName, label, valuesOf } from '../model/axes';
import { differenceWords, facetsOf, noFilter, pairWords, reportSource, resplitWords, verdictCell, verdictWords, whereWords, type ComparisonPage,
  type ComparisonSource, type Filter, type SortKey, type Sorting } from '../model/comparisons';
import { searchWords } from '../model/search';
import { tuningWords } from '../model/tuning';
import type { Comparison, Family, Race, Report } from '../model/report';
import type { State } from '../state';

const most = 300;
/** Of many comparisons fewer are drawn: the table below has them all. */
const mostPlotted = (total: number): number => (total > 1000 ? 60 : 200);

/** What the reader has chosen in the table, for a page that keeps it. */
export interface ComparisonChoice {
  filter: Partial<Filter>;
  sort: Sorting | null;
}

export interface ComparisonMemory {
  read: () => ComparisonChoice;
  write: (choice: ComparisonChoice) => void;
}

/** The axes by which comparisons differ. */
const varyingAxes = (report: Report): string[] => facetsOf(report).axes.filter((n) => valuesOf(report, n).length > 1 || n === 'dataset');

/** What the controls and columns of the section are made from: while it stays the same, a newer report fits into the section that stands. */
export function comparisonShape(report: Report): string {
  const { a, arms, metrics, averaged } = facetsOf(report);
  return JSON.stringify([varyingAxes(report), metrics.map((m) => m.name), [a, ...arms].map(label), averaged, report.family]);
}

/** Which comparisons were adjusted together. A report from before there were families had one. */
export function familyWords(family: Family, name: (metric: string) => string): string {
  if (!family.metric) return `p-values are adjusted over all ${plural(family.comparisons, 'comparison')} of this report (${family.method}).`;
  const others = family.secondary.map((s) => `${inSentence(name(s.metric))} (${s.comparisons})`);
  return `The ${plural(family.comparisons, 'comparison')} by ${inSentence(name(family.metric))} ${family.comparisons === 1 ? 'is' : 'are'} the primary `
    + `family, which carries the answer: their p-values are adjusted together `
    + `(${family.method})${family.tested < family.comparisons ? `, ${family.comparisons - family.tested} without a test at p = 1` : ''}.`
    + `${others.length > 0 ? ` Every other metric is adjusted within itself and exploratory: ${others.join(', ')}.` : ''}`;
}

/** When a sweep was extended with results already there, and what its p-values are multiplied with for that. */
export function lookWords(family: Family): string {
  const looks = family.looks.map((l) => `${l.at ? l.at.slice(0, 10) : 'now'} (${l.completed} of ${l.total} trials, ${plural(l.seeds, 'seed')}): ${l.factor} p`);
  return `The sweep was extended with results already there, so p over looks is the smallest over its ${looks.length} looks, each at its share of the level: `
    + `${looks.join('; ')}.`;
}

/** What the looks of a race decided: a row each. */
function raceTable(race: Race): HTMLElement {
  const counts = ['called', 'no_winner', 'equivalent', 'undecidable', 'untested', 'open', 'groups'] as const;
  const heads = ['look', 'seeds', 'share of the level', 'judged', 'called', 'no winner', 'within the margin', 'stopped', 'no test', 'still open',
    'groups that went on'];
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of looks' }, h('table', {},
    h('caption', {}, `A race over seeds: ${race.spared} of ${plural(race.planned, 'trial')} (every group with the last look's seeds) `
      + `${race.finished ? 'were' : 'are'} not needed${race.finished ? '' : ', so far'}.`),
    h('thead', {}, h('tr', {}, ...heads.map((n) => h('th', { scope: 'col', class: n === 'judged' ? null : 'number' }, n)))),
    h('tbody', {}, ...race.looks.map((l) => h('tr', {},
      h('td', { class: 'number' }, String(l.look)), h('td', { class: 'number' }, String(l.seeds)), h('td', { class: 'number' }, number(l.share)),
      h('td', {}, l.at ? l.at.slice(0, 19).replace('T', ' ') : race.finished ? 'not needed' : 'not yet'),
      ...counts.map((k) => h('td', { class: 'number' }, l.at ? String(l[k]) : '\u2013')))))));
}

/** The forest plot and the sortable, filterable table of paired differences. */
export function comparisonSection(state: State, memory?: ComparisonMemory, source: ComparisonSource = reportSource(() => state.report)): HTMLElement[] {
  const { report } = state;
  const facets = facetsOf(report);
  if (report.search) return [h('p', {}, searchWords(report.search))];
  if (facets.total === 0) return [h('p', { class: 'none' },
    'There are no comparisons: the sweep compares no axis, or fewer than two of its values have completed trials.')];
  const varying = varyingAxes(report);
  const metrics = facets.metrics.map((m) => m.name);
  const headline = metrics.includes(report.sweep.compare.metric) ? report.sweep.compare.metric : (metrics[0] ?? '');
  const remembered = memory?.read();
  const { mapped } = state.roles;
  // Of many rows the one that is looked at.
  const where = mapped !== null && facets.axes.includes(mapped) ? { [mapped]: state.chosen[mapped] ?? '' } : {};
  let filter: Filter = { ...noFilter, metric: headline, where, ...remembered?.filter };
  let sort: Sorting | null = remembered?.sort ?? null;

  const family = report.family;
  const alpha = family?.alpha ?? 0.05;
  const explanation = h('p', {}, [
    `A difference is the compared arm minus the baseline (by log-likelihood: how much nearer to the truth level), paired by group and `
      + `seed${family?.test ? ` (${family.test})` : ''}.`,
    report.tuning ? tuningWords(state, report.tuning) : '',
    family ? familyWords(family, (name) => state.metric(name).label) : '',
    family ? `A difference is called only if its adjusted p is below ${alpha} and its own interval leaves out zero.` : '',
    family?.smallest_effect && family.race
      ? `The last look, after ${plural(family.seeds, 'seed')}, finds by itself a difference of ${number(family.smallest_effect)} standard deviations (of the `
        + `paired differences over seeds) with probability 0.8. Intervals of differences hold at all looks together; the mean of a comparison that stopped `
        + `early is somewhat too large.` : '',
    family?.smallest_effect && !family.race
      ? `With ${plural(family.seeds, 'seed')} a plain t-test at ${alpha}/${family.comparisons * (family.looks[family.looks.length - 1]?.factor ?? 1)} `
        + `finds a difference of ${number(family.smallest_effect)} standard deviations (of the paired differences over seeds) with probability 0.8.` : '',
    family && family.looks.length > 1 ? lookWords(family) : '',
    report.sweep.seeds.length === 3
      ? 'Of three seeds one nearly always carries over half of the squared deviation, so every p-value leans on the differences being symmetric.' : '',
    '\u2020: the p-value leans on symmetry more than others, for the reason beside it. Undecided does not mean equal.',
  ].filter(Boolean).join(' '));

  const resplit = report.comparisons.some((c) => c.resplit !== null);
  const body = h('tbody');
  const status = h('p', { class: 'status', role: 'status' });
  const more = h('button', { type: 'button', click: () => { limit += most; fill(); } }, `Show ${most} more rows`);
  let limit = most;

  const columns: { key: SortKey; name: string; numeric?: boolean; cell: (c: Comparison) => string }[] = [
    ...varying.map((n) => ({ key: `where:${n}` as SortKey, name: axisName(n), cell: (c: Comparison) =>
      (n in c.where ? label(c.where[n]) : c.averaged_over.includes(n) ? 'mean over all' : '–') })),
    { key: 'metric', name: 'metric', cell: (c) => `${state.metric(c.metric).label}${c.family === 'secondary' ? ' (exploratory)' : ''}` },
    { key: 'pair', name: 'difference of', cell: pairWords },
    { key: 'difference', name: 'difference [95% CI]', numeric: true, cell: (c) =>
      differenceWords(c) + (state.metric(c.metric).unit ? ` ${state.metric(c.metric).unit}` : '') },
    ...(resplit ? [{ key: 'difference' as SortKey, name: 'for rows like these', numeric: true, cell: resplitWords }] : []),
    { key: 'p_value', name: 'p', numeric: true, cell: (c) => probability(c.p_value) },
    ...(family && (family.looks.length > 1 || family.race)
      ? [{ key: 'p_adjusted' as SortKey, name: 'p over looks', numeric: true, cell: (c: Comparison) => probability(c.p_sequential) }] : []),
    { key: 'p_adjusted', name: 'p adjusted', numeric: true, cell: (c) => probability(c.p_adjusted) },
    { key: 'verdict', name: 'verdict', cell: verdictCell },
  ];
  const heads = columns.map((column) => h('th', { scope: 'col', class: column.numeric ? 'number' : null }, h('button', {
    type: 'button', class: 'sort', click: () => {
      if (sort?.key !== column.key) sort = { key: column.key, descending: false };
      else if (!sort.descending) sort = { key: column.key, descending: true };
      else sort = null;
      fill();
      memory?.write({ filter, sort });
    },
  }, column.name)));

  let asked = 0;
  const fill = (): void => {
    columns.forEach((column, i) => heads[i]?.setAttribute('aria-sort', sort?.key === column.key ? (sort.descending ? 'descending' : 'ascending') : 'none'));
    const number = ++asked;
    source.ask(filter, sort, limit, (page) => { if (number === asked) show(page); }, (why) =>
      { if (number === asked) status.textContent = `The comparisons can\u2019t be shown: ${why}`; });
  };
  const show = ({ found, decided, rows }: ComparisonPage): void => {
    body.replaceChildren(...rows.map((c) => h('tr', { class: [c.averaged_over.length > 0 ? 'averaged' : '', c.verdict === 'undecided' ? 'undecided' : 'called']
      .join(' ') },
      ...columns.map((column) => h('td', { class: [column.numeric ? 'number' : '', column.key === 'verdict' ? 'verdict' : ''].join(' ') }, column.cell(c))))));
    more.hidden = found <= rows.length;
    status.textContent =
      `${found} of ${plural(facetsOf(state.report).total, 'comparison')}; ${decided} decided, ${found - decided} `
        + `undecided.${facets.averaged ? ' Rows in bold are means over an axis.' : ''}`;
  };

  const change = (next: Partial<Filter>): void => {
    filter = { ...filter, ...next };
    limit = most;
    fill();
    memory?.write({ filter, sort });
    fillPlot();
  };
  const selects = new Map<string, HTMLSelectElement>();
  const choice = (name: string, options: [string, string][], value: string, use: (v: string) => void): HTMLElement => {
    const select = h('select', { change: () => use(select.value) }, ...options.map(([v, t]) => h('option', { value: v, selected: v === value }, t)));
    selects.set(name, select);
    return h('label', {}, `${name} `, select);
  };
  const pairs = facets.arms.map((b) => pairWords({ a: facets.a, b }));
  const filters = h('div', { class: 'controls' },
    choice('metric', [['', 'all'], ...metrics.map((m): [string, string] =>
      [m, `${state.metric(m).label}${family?.metric && m !== family.metric ? ' (exploratory)' : ''}`])], filter.metric, (v) => change({ metric: v })),
    ...varying.map((n) => choice(axisName(n), [['', 'all'], ...valuesOf(report, n).map((v): [string, string] => [v, v])], filter.where[n]
      ?? '', (v) => change({ where: { ...filter.where, [n]: v } }))),
    pairs.length > 1 && choice('difference of', [['', 'all'], ...pairs.map((p): [string, string] => [p, p])], filter.pair, (v) => change({ pair: v })),
    choice('verdict', [['', 'all'], ['decided', 'decided'], ['undecided', 'undecided']], filter.verdict, (v) => change({ verdict: v as Filter['verdict'] })),
    facets.averaged && choice('means over an axis', [['', 'shown'], ['only', 'only these'], ['without', 'hidden']], filter.averaged, (v) =>
      change({ averaged: v as Filter['averaged'] })));

  // Without a metric chosen the plot would mix units; it then stays on the headline metric.
  let plotted: Comparison[] = [];
  let among = 0;
  let askedPlot = 0;
  const fillPlot = (): void => {
    const number = ++askedPlot;
    source.ask({ ...filter, metric: filter.metric || headline }, null, mostPlotted(facetsOf(state.report).total), ({ rows, found }) => {
      if (number !== askedPlot) return;
      plotted = rows;
      among = found;
      plot.dispatchEvent(new Event('filter'));
    }, () => undefined);
  };
  const metric = (): ReturnType<State['metric']> => state.metric(filter.metric || headline);
  const plot = h('div');
  const drawn = figure(state, {
    title: 'Paired differences', legend: facets.axis === state.roles.arm, trigger: plot,
    rows: () => [{ title: '', label: `Forest plot of the differences in ${metric().label}`, draw: forest(state, plotted, metric(), varying) }],
    caption: () =>
      `Differences in ${inSentence(metric().label)} with 95% intervals; `
        + `${direction(metric(), label(facets.a), pairs.length > 1 ? 'the compared arm' : label(facets.arms[0]))}. Filled: called after adjustment. Hollow: `
        + `undecided. Diamonds: means over an axis within each seed. Follows the filters `
        + `above${plotted.length < among ? `; the first ${plotted.length} of ${among}` : ''}.`,
    table: () => ({ head: ['where', 'difference of', 'difference [95% CI]', ...(resplit ? ['for rows like these'] : []), 'p adjusted', 'verdict'],
      rows: plotted.map((c) => [whereWords(c, varying), pairWords(c), differenceWords(c), ...(resplit ? [resplitWords(c)] : []),
        probability(c.p_adjusted), verdictWords(c)]) }),
  });
  fill();
  fillPlot();
  // A newer report, where the page is live.
  let known = report;
  let looked = where[mapped ?? ''];
  state.onChange(() => {
    if (mapped !== null && looked !== undefined && state.chosen[mapped] !== looked) {
      const follows = filter.where[mapped] === looked;
      looked = state.chosen[mapped] ?? '';
      const select = selects.get(axisName(mapped));
      if (follows && select) {
        select.value = looked;
        change({ where: { ...filter.where, [mapped]: looked } });
      }
    }
    if (state.report === known) return;
    known = state.report;
    fill();
    fillPlot();
  });
  return [explanation, ...(family?.race ? [raceTable(family.race)] : []), filters, drawn, status,
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of comparisons' },
    h('table', { class: 'comparisons' }, h('thead', {}, h('tr', {}, ...heads)), body)), more];
}
