import { h } from '../dom';
import { figure } from '../figure';
import { alongRanges } from '../figures/search';
import { interval, probability } from '../format';
import { axisName } from '../model/axes';
import type { Bracket, Search } from '../model/report';
import type { State } from '../state';
import { plainTable, type TableData } from '../table';
import { percent } from './importance';

const scroll = (name: string, data: TableData): HTMLElement =>
  h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, plainTable(data));

const words = (b: Bracket): string => (b.mean === null ? '\u2013' : interval(b.mean, b.low, b.high));

/** Which axes good settings differ in from all: a row each. */
export const searchImportanceTable = (search: Search): TableData => ({ head: ['data set', 'axis', 'share beyond chance', 'p'],
  rows: search.importance.flatMap((i) => i.effects.map((e) => [i.dataset || '\u2013', axisName(e.axis), percent(e.share), probability(e.p_value)])) });

/** The slopes along the ranges: a row each. */
export const slopeTable = (search: Search): TableData => ({
  head: ['data set', 'arm', 'settings', 'axis', 'slope [95% CI]', 'per', 'over the whole range [95% CI]'],
  rows: search.trends.flatMap((t) => t.slopes.map((s) => [t.dataset || '\u2013', t.arm || '\u2013', String(t.settings), axisName(s.axis), words(s.slope), s.per,
    words(s.change)])) });

export const hasSearch = (search: Search | null): search is Search => search !== null && search.trends.length + search.importance.length > 0;

/** What a search found: shares by axis, and slopes along its ranges. */
export function searchSection(state: State): HTMLElement[] {
  const { search } = state.report;
  if (!hasSearch(search)) return [];
  const metric = state.metric(state.report.sweep.compare.metric);
  const ranges = [...new Set(search.trends.flatMap((t) => t.slopes.map((x) => x.axis)))];
  const none = [...search.importance, ...search.trends].filter((s) => s.reason !== null);
  return [
    h('p', {}, 'Which axes the best quarter of the settings differs in from all of them (PED-ANOVA, arXiv 2304.10255, less what as many settings picked at '
      + 'random differ in): shares of what is beyond chance. p: the share of 400 such picks that differ as much. Exploratory.'),
    scroll('Table of what matters', searchImportanceTable(search)),
    ...(search.trends.length > 0 ? [
      h('h3', {}, `${metric.label} along the ranges`),
      figure(state, {
        title: 'Settings along the ranges', fixed: true, rows: () => alongRanges(state, ranges, metric),
        caption: () => 'Every setting of the search: its mean over seeds against its value on each range. What scatters at one value is '
          + 'the work of the other axes, and of seeds.',
        table: () => slopeTable(search),
      }),
      h('p', {}, 'Slopes of a least-squares regression on all ranges and other lists together, for each data set and arm. Intervals take settings and seeds '
        + 'for random draws (two-way, Satterthwaite); they are exploratory and not adjusted for their number, and the slope of a bend is that of the straight '
        + `line nearest to it.${metric.better === 'truth_level' ? ' Of minus the distance from the truth level: positive is closer to it.' : ''}`),
      scroll('Table of slopes', slopeTable(search))] : []),
    ...none.map((s) => h('p', { class: 'none' }, `${s.dataset ? `${s.dataset}: none` : 'None'}, as ${s.reason}.`)),
  ];
}
