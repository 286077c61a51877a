import { copyButton } from '../copy';
import { h } from '../dom';
import { intervalWithin, number, plural, withUnit } from '../format';
import { axisName, label } from '../model/axes';
import { firstSeeds } from '../model/race';
import type { BestSetting, Metric } from '../model/report';
import type { State } from '../state';
import type { TableData } from '../table';
import { csv, latex, markdown } from '../tableText';

const setting = (axes: BestSetting['axes']): string => Object.entries(axes).map(([axis, value], i) => (i === 0 ? label(value)
  : `${axisName(axis)} ${label(value)}`)).join(', ') || 'the only one';

/** Ordered so that what is compared names the setting. */
const ordered = (state: State, axes: BestSetting['axes']): BestSetting['axes'] => {
  const { axis } = state.report.sweep.compare;
  return axis in axes ? { [axis]: axes[axis], ...axes } as BestSetting['axes'] : axes;
};

/** The best setting of each data set. */
export function bestTable(state: State): TableData {
  const metric = state.metric(state.report.sweep.compare.metric);
  const { best } = state.report.answer;
  const level = best.some((b) => b.truth_level !== null);
  const seconds = best.some((b) => b.trial_seconds !== null);
  const sets = best.some((b) => b.dataset !== '');
  return {
    head: [...(sets ? ['data set'] : []), 'best setting', withUnit(metric.label, metric.unit), ...(level ? ['truth level'] : []), 'not told apart from it',
      ...(seconds ? ['seconds per trial'] : [])],
    rows: best.map((b) => [
      ...(sets ? [b.dataset] : []),
      setting(ordered(state, b.axes)),
      intervalWithin(metric, b),
      ...(level ? [number(b.truth_level)] : []),
      `${b.not_told_apart} of ${plural(b.of - 1, 'other')}`,
      ...(seconds ? [number(b.trial_seconds, 2)] : []),
    ]),
  };
}

/** The settings that can't be told apart, folded away. */
function rivals(state: State, b: BestSetting, metric: Metric): HTMLElement | string {
  const words = `${b.not_told_apart} of ${plural(b.of - 1, 'other')}`;
  if (b.nearest.length === 0) return words;
  return h('details', {}, h('summary', {}, words), h('ul', { class: 'rivals' },
    ...b.nearest.map((n) => h('li', {}, `${setting(ordered(state, n.axes))}: ${withUnit(number(n.mean), metric.unit)}`)),
    b.nearest.length < b.not_told_apart && h('li', {}, `and ${b.not_told_apart - b.nearest.length} more`)));
}

/** Which setting is best on each data set, and how sure that is. */
export function bestSection(state: State): HTMLElement | null {
  const { best } = state.report.answer;
  if (best.length === 0 || best.every((b) => b.of < 2)) return null;
  const metric = state.metric(state.report.sweep.compare.metric);
  const data = bestTable(state);
  const apart = data.head.indexOf('not told apart from it');
  const most = Math.max(...best.map((b) => b.of));
  const left = best.filter((b) => b.left_out > 0).map((b) => `${plural(b.left_out, 'setting')}${b.dataset ? ` on ${b.dataset}` : ''}`);
  const copies: [string, (table: TableData) => string][] = [['Markdown', markdown], ['CSV', csv], ['LaTeX', latex]];
  return h('div', { class: 'best' },
    h('div', { class: 'figure-head' }, h('h2', {}, best.length > 1 ? 'The best setting on each data set' : 'The best setting'),
      h('div', { class: 'tools' }, ...copies.map(([name, write]) => copyButton(() => write(bestTable(state)), `Copy the table as ${name}`, name)))),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'The best settings as a table' }, h('table', {},
      h('thead', {}, h('tr', {}, ...data.head.map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', {}, ...data.rows.map((row, r) => h('tr', {}, ...row.map((cell, i) => (i === 0 ? h('th', { scope: 'row' }, cell)
        : h('td', {}, i === apart ? rivals(state, best[r] as BestSetting, metric) : cell))))))),
    ),
    h('p', { class: 'small muted' },
      [firstSeeds(state.report), `The best mean of up to ${most} settings: picked from the same results, so optimistic.`,
        'In brackets 95% intervals over seeds. Not told apart: paired t-test over seeds, Holm-adjusted for all pairs of settings of a data set, p at least',
        '0.05; it does not mean equal, and none of it is part of the answer above.',
        left.length > 0 && `Not in the choice, for want of a value in some seed: ${left.join('; ')}.`].filter(Boolean).join(' ')));
}
