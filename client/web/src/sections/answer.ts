import { h } from '../dom';
import { figure } from '../figure';
import { curveTable, hasCurves, pictureRow } from '../figures/curves';
import { bandWords } from '../figures/common';
import { drawnMetrics, finalRow, finalTable } from '../figures/finals';
import { plural } from '../format';
import { label } from '../model/axes';
import type { State } from '../state';

/** Which panel the opening picture shows: the answer's choice where it exists, otherwise the first that has curves. */
export function picturePanel(state: State): { row: string; column: string; reason: string } {
  const picture = state.report.answer.picture;
  const wanted = (axis: string | null, values: readonly string[]): string | undefined => {
    if (axis === null || !picture || !(axis in picture)) return undefined;
    const value = label(picture[axis]);
    return values.includes(value) ? value : undefined;
  };
  const row = wanted(state.roles.row, state.rows) ?? state.rows.find((r) => hasCurves(state, r)) ?? state.rows[0] ?? '';
  const column = wanted(state.roles.column, state.columns) ?? state.columns[Math.floor((state.columns.length - 1) / 2)] ?? '';
  return { row, column, reason: picture?.reason ?? '' };
}

export function answerSection(state: State): HTMLElement[] {
  const { report } = state;
  const { trials } = report;
  const done = `${trials.completed} of ${plural(trials.total, 'trial')} completed`;
  const rest = ([[trials.failed, 'failed'], [trials.pruned, 'pruned'], [trials.cancelled, 'cancelled'], [trials.unfinished, 'unfinished']] as [number, string][]).filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  const facts = [done + (rest.length > 0 ? ` (${rest.join(', ')})` : ''), plural(report.sweep.seeds.length, 'seed'), report.generated ? `written ${report.generated.replace('T', ' ').replace(/:\d\d(\.\d+)?(Z|\+00:00)$/, ' UTC')}` : ''].filter(Boolean);
  return [
    h('header', {},
      h('p', { class: 'kicker' }, 'Sweep report'),
      h('h1', {}, report.sweep.name),
      h('p', { class: 'facts' }, facts.join(' · '))),
    h('section', { id: 'answer', 'aria-label': 'The answer' },
      report.answer.headline && h('p', { class: 'headline' }, report.answer.headline),
      report.answer.sentences.length > 0 && h('ul', { class: 'sentences' }, ...report.answer.sentences.map((s) => h('li', {}, s))),
      report.sweep.seeds.length === 1 && h('p', { class: 'warning' }, 'One seed: no interval can be given and nothing can be called. Run with three or more seeds before believing a difference.'),
      opening(state)),
  ];
}

function opening(state: State): HTMLElement | null {
  if (state.report.groups.length === 0) return h('p', { class: 'none' }, 'No trial has completed, so there is nothing to draw.');
  const { row, column, reason } = picturePanel(state);
  const threshold = state.report.sweep.threshold_nats;
  if (!hasCurves(state, row)) return fallback(state);
  return figure(state, {
    title: 'Log-likelihood against reverse step',
    rows: () => [pictureRow(state, row, column)],
    caption: () => {
      const floors = state.arms.map((a) => state.group(row, column, a)?.metrics.log_likelihood?.floor).filter((f) => typeof f === 'number');
      return `Mean log-likelihood of the samples after each reverse step, less the floor (the mean log-density of fresh true samples${floors.length > 0 ? '' : ', unknown here'}), on ${[row, state.columnName && `${state.columnName} ${column}`, state.chosenWords].filter(Boolean).join(', ')}${reason ? ` (${reason})` : ''}. `
        + `${bandWords(state)} The axis is logarithmic away from the floor and linear within ${threshold / 10} nats of it; shaded: within ${threshold} nat${threshold === 1 ? '' : 's'} of the floor. Step 0 is the initial noise mapped back to data space: what is reached there is the preprocessing's doing, not the network's.`;
    },
    table: () => curveTable(state, 'log_likelihood', [row], [column]),
  });
}

/** Without a known density there is no log-likelihood; the first metric that was measured takes its place. */
function fallback(state: State): HTMLElement {
  const measured = drawnMetrics(state);
  const name = measured.includes('energy_distance') ? 'energy_distance' : measured[0];
  const reason = state.report.groups.map((g) => g.metrics.log_likelihood?.reason).find(Boolean) ?? 'the data have no known density';
  if (name === undefined) return h('p', { class: 'none' }, `There is no log-likelihood (${reason}), and no other metric was measured.`);
  const metric = state.metric(name);
  return figure(state, {
    title: metric.label, rows: () => [{ ...finalRow(state, name), title: '' }], table: () => finalTable(state, [name]),
    caption: () => `${metric.label} of the final samples. Log-likelihood is not shown: ${reason}. ${metric.explanation} Bars: 95% intervals; small dots: single seeds.`,
  });
}
