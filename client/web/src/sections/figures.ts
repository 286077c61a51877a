import { h } from '../dom';
import { figure } from '../figure';
import { curveRows, curveTable, excessRows, hasCurves, lossRows } from '../figures/curves';
import { bandWords } from '../figures/common';
import { drawnMetrics, finalRow, finalTable, thresholdRow } from '../figures/finals';
import { withoutLogLikelihood } from '../model/missing';
import { ownSeeds } from '../model/race';
import type { Metric } from '../model/report';
import type { CurveView, State } from '../state';

/** A group of buttons of which one is pressed. */
export function choice<T extends string>(state: State, name: string, options: readonly [T, string][], read: () => T, write: (value: T) => void): HTMLElement {
  const holder = h('div', { class: 'choice', role: 'group', 'aria-label': name });
  const fill = (): void => holder.replaceChildren(...options.map(
    ([value, words]) => h('button', { type: 'button', 'aria-pressed': String(read() === value), click: () => { write(value); state.changed(); } }, words)));
  state.onChange(fill);
  fill();
  return holder;
}

export function curvesSection(state: State): HTMLElement[] {
  const without = state.rows.filter((r) => !hasCurves(state, r));
  const why = without.length === 0 ? null : h('p', { class: 'none' },
    `No log-likelihood for ${without.join(', ')}: ${withoutLogLikelihood(state.report)}. The energy distance below takes its place.`);
  if (without.length === state.rows.length) return [why as HTMLElement];
  const threshold = state.report.sweep.threshold_nats;
  const drawn = figure(state, {
    title: `Log-likelihood against reverse step by ${[state.rowName, state.columnName].filter(Boolean).join(' and ') || 'arm'}`,
    controls: [
      choice<CurveView>(state, 'Vertical axis', [['gap', 'gap to the truth level'], ['near', 'near the truth level'], ['raw', 'everything']], () => state.view,
        (v) => { state.view = v; }),
      choice(state, 'Which samples', [['log_likelihood', 'x\u209c'], ['log_likelihood_x0', 'x\u0302\u2080']], () => state.curve, (v) => { state.curve = v; }),
    ],
    rows: () => curveRows(state),
    caption: () => [
      state.curve === 'log_likelihood' ? 'The state after each reverse step, mapped back to data space.'
        : 'The denoiser\u2019s prediction of the clean sample at each reverse step, mapped back to data space.',
      state.view === 'gap'
        ? `Vertical axis: the truth level minus the log-likelihood, logarithmic away from 0 and linear within ${threshold / 10} nats of it; the same in `
          + `all panels.` : state.view === 'near' ? `Vertical axis: log-likelihood, cut off ${threshold * 10} nats from the truth level.` : 'Vertical axis: '
          + 'log-likelihood, from the worst to the best value.',
      `Dotted: the truth level. Shaded: within ${threshold} nat${threshold === 1 ? '' : 's'} of it. ${bandWords(state)}`, state.chosenWords
        && `Shown: ${state.chosenWords}.`,
    ].filter(Boolean).join(' '),
    table: () => curveTable(state, state.curve, state.rows, state.shownColumns),
  });
  return why ? [why, drawn] : [drawn];
}

/** Where intervals are cut: at the ends of what the metric can be. */
function cutWords(metric: Metric): string {
  const ends = [metric.least, metric.most].filter((v): v is number => typeof v === 'number');
  return ends.length > 0 ? `Intervals are cut off at ${ends.join(' and ')}.` : '';
}

export function finalsSection(state: State): HTMLElement[] {
  const names = drawnMetrics(state);
  if (names.length === 0) return [h('p', { class: 'none' }, 'No metric was measured.')];
  return names.map((name) => {
    const metric = state.metric(name);
    const better = metric.better === 'higher' ? 'Higher is better.' : metric.better === 'lower' ? 'Lower is better.' : metric.better === 'truth_level'
      ? 'Nearer to the truth level is better.' : '';
    return figure(state, {
      title: `${metric.label}${state.columnName ? ` by ${state.columnName}` : ''}`,
      rows: () => [{ ...finalRow(state, name), title: '' }],
      caption: () => [`${metric.label}${state.columnName ? ` against ${state.columnName}` : ''}. ${metric.explanation}`, better, cutWords(metric),
        'Bars: 95% intervals over seeds; small dots: single seeds; dotted, where there is one: the truth level.', ownSeeds(state.report), state.chosenWords
          && `Shown: ${state.chosenWords}.`].filter(Boolean).join(' '),
      table: () => finalTable(state, [name]),
    });
  });
}

export function thresholdSection(state: State): HTMLElement[] {
  const threshold = state.report.sweep.threshold_nats;
  const any = state.report.groups.some((g) => (g.metrics.steps_to_threshold?.per_seed ?? []).length > 0
    && !/density/i.test(g.metrics.steps_to_threshold?.reason ?? ''));
  if (!any) return [h('p', { class: 'none' }, 'Steps to threshold need a log-likelihood, and this sweep has none.')];
  return [figure(state, {
    title: `Steps to within ${threshold} nat${threshold === 1 ? '' : 's'} of the truth level`,
    rows: () => [thresholdRow(state)],
    caption: () =>
      [`The first reverse step from which the log-likelihood stays within ${threshold} nat${threshold === 1 ? '' : 's'} of the truth level; lower is faster.`,
        'Seeds that never get there stand on the shelf marked never; where there are any, the large marker is the median over seeds with never counted as',
        'latest. Bars: 95% intervals where every seed arrives. Step 0 means that the preprocessed noise is already there.', ownSeeds(state.report),
      ].filter(Boolean).join(' '),
    table: () => finalTable(state, ['steps_to_threshold']),
  })];
}

export function lossSection(state: State): HTMLElement[] {
  if (lossRows(state).length === 0) return [h('p', { class: 'none' }, 'No training loss was recorded.')];
  const excess = excessRows(state).length === 0 ? [] : [figure(state, {
    title: 'What is left to learn',
    rows: () => excessRows(state),
    caption: () => 'Excess of the loss on held-out points over L*, the lowest attainable loss: the exact denoiser\u2019s, or where there is none that of a '
      + 'longer and wider run. Both axes are logarithmic; what is below a thousandth of the largest excess before training is drawn there. Steps to final loss '
      + 'is where a curve falls below a twentieth of where it began and stays there. ' + bandWords(state),
    table: () => curveTable(state, 'validation_loss', state.rows, state.shownColumns),
  })];
  return [...excess, figure(state, {
    title: 'Training loss',
    rows: () => lossRows(state),
    caption: () =>
      'Training loss on a logarithmic axis, each point the mean over a window of steps. Where the arms scale the data differently, compare the shapes and not '
        + 'the heights. ' + bandWords(state),
    table: () => curveTable(state, 'training_loss', state.rows, state.shownColumns),
  })];
}
