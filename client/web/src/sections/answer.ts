import { h } from '../dom';
import { figure } from '../figure';
import { curveTable, hasCurves, picturePanels, pictureRow } from '../figures/curves';
import { bandWords } from '../figures/common';
import { drawnMetrics, finalRow, finalTable } from '../figures/finals';
import { plural, unbroken } from '../format';
import { withoutLogLikelihood } from '../model/missing';
import { ownSeeds } from '../model/race';
import type { Metric } from '../model/report';
import type { State } from '../state';
import { bestSection } from './best';
import { mapSection } from './map';
import { openingScatter } from './scatter';

/** @param bar Chooses what the figures show: where a map comes first, below it. */
export function answerSection(state: State, bar: HTMLElement | null): HTMLElement[] {
  const { report } = state;
  const { trials } = report;
  const done = `${trials.completed} of ${plural(trials.total, 'trial')} completed`;
  const rest = ([[trials.failed, 'failed'], [trials.pruned, 'not needed'], [trials.cancelled, 'cancelled'], [trials.unfinished, 'unfinished']] as [
    number, string][]).filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  const findings = report.answer.key_findings.length > 0 ? report.answer.key_findings : report.answer.sentences;
  const seeds = `${report.family?.race ? 'at most ' : ''}${plural(report.sweep.seeds.length, 'seed')}`;
  const facts = [done + (rest.length > 0 ? ` (${rest.join(', ')})` : ''), seeds, report.generated
    ? `written ${report.generated.replace('T', ' ').replace(/:\d\d(\.\d+)?(Z|\+00:00)$/, ' UTC')}` : ''].filter(Boolean);
  const map = mapSection(state);
  const headline = report.answer.headline && h('p', { class: 'headline' }, unbroken(report.answer.headline));
  return [
    h('header', {},
      h('p', { class: 'kicker' }, 'Sweep report'),
      h('h1', {}, report.sweep.name),
      h('p', { class: 'facts' }, facts.join(' · '))),
    ...(map ? [h('section', { id: 'map', 'aria-label': 'The map' }, headline, map), ...(bar ? [bar] : [])] : []),
    h('section', { id: 'answer', 'aria-label': 'The answer' },
      !map && headline,
      bestSection(state),
      findings.length > 0 && h('ul', { class: 'sentences' }, ...findings.map((s) => h('li', {}, unbroken(s)))),
      report.sweep.seeds.length === 1 && h('p', { class: 'warning' },
        'One seed: no interval can be given and nothing can be called. Run with three or more seeds before believing a difference.'),
      opening(state),
      openingScatter(state),
      allFindings(state)),
  ];
}

/** What the opening picture shows. */
export function openingTitle(state: State): string {
  const [first] = picturePanels(state);
  return first && hasCurves(state, first.row) ? 'Log-likelihood against reverse step' : (standIn(state)?.label ?? 'Log-likelihood against reverse step');
}

/** The metric that takes the place of a log-likelihood that can't be drawn. */
function standIn(state: State): Metric | null {
  const measured = drawnMetrics(state);
  const name = measured.includes('energy_distance') ? 'energy_distance' : measured[0];
  return name === undefined ? null : state.metric(name);
}

export function opening(state: State): HTMLElement | null {
  if (state.report.groups.length === 0) return h('p', { class: 'none' }, 'No trial has completed, so there is nothing to draw.');
  const threshold = state.report.sweep.threshold_nats;
  const [first] = picturePanels(state);
  if (!first || !hasCurves(state, first.row)) return fallback(state);
  const where = (): string => picturePanels(state).map(({ row, column, reason }) =>
    `${[row, state.columnName && `${state.columnName} ${column}`].filter(Boolean).join(', ')}${reason ? `: ${reason}` : ''}`).join('; ');
  return figure(state, {
    title: 'Log-likelihood against reverse step',
    rows: () => [pictureRow(state, picturePanels(state))],
    caption: () => [
      'Gap of the samples to the truth level after each reverse step: the mean log-density of fresh true samples minus theirs. 0 is as good as the truth, '
        + 'above it they miss some of it, below it they crowd its modes.',
      `${where()}.`, state.chosenWords && `At ${state.chosenWords}.`, bandWords(state),
      `Dotted: the truth level; shaded: within ${threshold} nat${threshold === 1 ? '' : 's'} of it.`,
      pictureRow(state, picturePanels(state)).plain ? (picturePanels(state).length > 1 ? 'The panels have axes of their own.' : '')
        : `The axis is logarithmic away from the truth level and linear within ${threshold / 10} nats of it.`,
      'Step 0 is the initial noise mapped back to data space: what is reached there is the preprocessing\u2019s doing, not the network\u2019s.',
    ].filter(Boolean).join(' '),
    trigger: state.steps,
    table: () => {
      const panels = picturePanels(state);
      return curveTable(state, 'log_likelihood', [...new Set(panels.map((p) => p.row))], [...new Set(panels.map((p) => p.column))]);
    },
  });
}

/** Every sentence of the answer, by dataset, folded away. */
export function allFindings(state: State): HTMLElement | null {
  const { findings, key_findings: key } = state.report.answer;
  const count = findings.reduce((n, f) => n + f.sentences.length, 0);
  if (key.length === 0 || count === 0) return null;
  return h('details', { class: 'findings' }, h('summary', {}, `All ${plural(count, 'finding')}, by ${state.rowName || 'place'}`),
    ...findings.flatMap((f) => [h('h3', {}, f.title), h('ul', { class: 'sentences' }, ...f.sentences.map((s) => h('li', {}, unbroken(s))))]));
}

/** Where no log-likelihood can be drawn, the first metric that was measured takes its place. */
function fallback(state: State): HTMLElement {
  const metric = standIn(state);
  const reason = withoutLogLikelihood(state.report);
  if (metric === null) return h('p', { class: 'none' }, `There is no log-likelihood (${reason}), and no other metric was measured.`);
  return figure(state, {
    title: metric.label, rows: () => [{ ...finalRow(state, metric.name), title: '' }], table: () => finalTable(state, [metric.name]),
    caption: () => [`${metric.label} of the final samples. Log-likelihood is not shown: ${reason}. ${metric.explanation}`,
      'Bars: 95% intervals; small dots: single seeds.', ownSeeds(state.report)].filter(Boolean).join(' '),
  });
}
