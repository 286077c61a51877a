import { h } from '../dom';
import { inSentence, plural } from '../format';
import type { Importance, Report } from '../model/report';
import type { State } from '../state';
import { plainTable, type TableData } from '../table';

/** Whole percents; what is next to nothing says so. */
export const percent = (share: number): string => (share > 0 && share < 0.01 ? '<1 %' : share > 0.99 && share < 1 ? '>99 %' : `${Math.round(100 * share)} %`);

const share = (e: Importance['effects'][number]): string =>
  (e.low === null || e.high === null ? percent(e.share) : `${percent(e.share)} [${percent(e.low)}, ${percent(e.high)}]`);

/** Of more data sets each has a row, not a column. */
const mostColumns = 5;

/** Which axes explain how much on which data set. */
export function importanceTable(importance: readonly Importance[]): TableData {
  const found = importance.filter((s) => s.reason === null);
  const first = found[0];
  if (!first) return { head: [], rows: [] };
  const columns = [
    ['', ...first.effects.map((e) => (e.axes.length === 0 ? 'all further interactions' : e.axes.join(' × '))), 'seeds', 'settings differing from seed to seed'],
    ...found.map((s) => [s.dataset || 'share of the variance [95% CI]', ...s.effects.map(share), percent(s.seeds ?? 0), percent(s.error ?? 0)]),
  ];
  const rows = found.length > mostColumns ? columns : (columns[0] ?? []).map((_, i) => columns.map((c) => c[i] ?? '–'));
  return { head: rows[0] ?? [], rows: rows.slice(1) };
}

export const hasImportance = (report: Report): boolean => report.importance.length > 0;

/** Which axes matter, in numbers. */
export function importanceSection(state: State): HTMLElement[] {
  const { importance } = state.report;
  const found = importance.filter((s) => s.reason === null);
  const metric = state.metric(state.report.sweep.compare.metric);
  const what = metric.better === 'truth_level' ? `distance of ${inSentence(metric.label)} from its truth level` : inSentence(metric.label);
  const seeds = [...new Set(found.map((s) => s.count))].sort((a, b) => a - b);
  const words = `Shares of the variance of the ${what} (omega squared) over all settings, on the ${seeds.length === 1 ? plural(seeds[0] ?? 0, 'seed')
    : `${seeds[0]} to ${seeds[seeds.length - 1]} seeds`} that every one of them has: analysis of variance, settings fixed, seeds as blocks, error what `
    + 'settings do differently from seed to seed. Intervals: noncentral F. Exploratory; other values of the axes would give other shares.';
  return [
    ...(found.length > 0 ? [h('p', {}, words), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of what matters' },
      plainTable(importanceTable(importance)))] : []),
    ...importance.filter((s) => s.reason !== null).map((s) => h('p', { class: 'none' }, `${s.dataset ? `${s.dataset}: none` : 'None'}, as ${s.reason}.`)),
  ];
}
