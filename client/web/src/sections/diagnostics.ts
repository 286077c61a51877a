import { h } from '../dom';
import { figure } from '../figure';
import { bandWords, columnTitle } from '../figures/common';
import {
  alongRows, alongTable, bifurcationRows, collapseNames, componentLines, denoisingRows, errorLines, errorRows, errorTable, explainedRows, explainedTable,
  explainedWord, gainRows, hasCurve, hasErrors, isAlongComponent,
  isExplained, isExplainedOverTraining, isPath, level, levels, linesOf, modelLinesOf, modelTable, planeNames, referencesOf, shareRows, shareTable, shownWords,
  type Along, type DiagnosticView, type Explained,
} from '../figures/diagnostics';
import type { Group } from '../model/report';
import type { State } from '../state';
import { choice } from './figures';

const families: readonly ((group: Group) => boolean)[] = [
  (g) => hasCurve(g, isExplained), (g) => hasCurve(g, (n) => n === 'denoising_error'), (g) => hasCurve(g, (n) => n === 'bifurcation'), hasErrors,
  (g) => hasCurve(g, isPath), (g) => hasCurve(g, (n) => n === 'mean_gain'), (g) => hasCurve(g, isAlongComponent), (g) => hasCurve(g, (n) => n === 'collapse'),
];

export const hasDiagnostics = (state: State): boolean => state.report.groups.some((g) => families.some((has) => has(g)));

export function diagnosticsSection(state: State): HTMLElement[] {
  const has = (test: (group: Group) => boolean): boolean => state.report.groups.some(test);
  const over = levels(state);
  const view: DiagnosticView = { column: state.columns[state.columns.length - 1]
    ?? '', explained: 'explained_score', lacking: false, sigma: nearest(over, 0.5) };
  const out: HTMLElement[] = [];
  if (state.columns.length > 1) {
    out.push(h('div', { class: 'controls' }, h('span', {}, 'Diagnostics of'),
      choice(state, state.columnName, state.columns.map((c) => [c, columnTitle(state, c)] as [string, string]), () => view.column, (c) =>
        { view.column = c; })));
  }

  const bands = bandWords(state);
  const of = (): string => (shownWords(state, view) ? ` Shown: ${shownWords(state, view)}.` : '');
  const explainedOf = (label: string): HTMLElement => choice<Explained>(
    state, label, [['explained_score', 'score'], ['explained_denoiser', 'x\u0302\u2080'], ['explained_score_per_sample', 'score, per sample']], () =>
      view.explained, (v) => { view.explained = v; });
  const scaleOf = (): HTMLElement => choice(state, 'Vertical axis', [['share', 'share'], ['lacking', '1 \u2212 share, log']], () =>
    (view.lacking ? 'lacking' : 'share'), (v) => { view.lacking = v === 'lacking'; });
  const shareWords = (): string =>
    `Share of the network\u2019s ${explainedWord[view.explained]} that each reference denoiser explains (1 where they agree, below 0 where ${
      view.explained === 'explained_score_per_sample' ? '0 would do better; a mean over points of ratios that are not centred, as in arXiv 2412.09726'
        : 'a constant would do better'})`;

  if (has((g) => hasCurve(g, isExplained))) {
    const lines = linesOf(state, 'references', referencesOf(state), (key) => (g) => g.curves[`explained_score.${key}`]?.x !== undefined);
    out.push(h('h3', {}, 'Explained share'), figure(state, {
      title: 'Share explained by reference denoisers against noise level', lines, controls: [explainedOf('What is explained'), scaleOf()],
      rows: () => explainedRows(state, view, lines),
      caption: () =>
        `${shareWords()}, against the noise level, at the end of training. The identity control knows the data\u2019s mean and size alone: at much noise `
          + `any model looks explained. The delta mixture is what a network that memorised its training points would say. `
          + `${view.lacking ? '' : 'Shares below \u22120.25 leave the frame. '}${bands}${of()}`,
      table: () => explainedTable(state, view, lines),
    }));
  }

  if (has((g) => hasCurve(g, isPath))) {
    const lines = linesOf(state, 'references', referencesOf(state), (key) => (g) => g.curves[`explained_path.${key}`]?.x !== undefined);
    const paths = (): DiagnosticView => ({ ...view, explained: 'explained_path' });
    out.push(h('h3', {}, 'Predicted paths'), figure(state, {
      title: 'Share of probability-flow paths that reference denoisers predict against noise level', lines, controls: [scaleOf()],
      rows: () => explainedRows(state, paths(), lines),
      caption: () =>
        `The network and each reference follow the probability flow from the same noise; the share of the spread `
          + `of the network\u2019s states at each noise level that the reference\u2019s explain. `
          + `1 while the paths agree, below 0 where a constant would do better. ${bands}${of()}`,
      table: () => explainedTable(state, paths(), lines),
    }));
  }

  if (has((g) => hasCurve(g, (n) => n === 'mean_gain'))) {
    const lines = modelLinesOf(state, 'mean_gain');
    out.push(h('h3', {}, 'Symmetry breaking'), figure(state, {
      title: 'Gain at the data\u2019s mean against noise level', lines, rows: () => gainRows(state, view, lines),
      caption: () =>
        `The largest eigenvalue of the derivative of x\u0302\u2080 at the data\u2019s mean. Above 1 paths near the mean part: modes `
          + `become separate. Of one Gaussian it is never above 1. ${bands}${of()}`,
      table: () => modelTable(state, view, 'mean_gain', lines),
    }));
  }

  if (has((g) => hasCurve(g, isAlongComponent))) {
    const lines = componentLines(state);
    let what: Along = 'emerged';
    out.push(h('h3', {}, 'Principal components'), figure(state, {
      title: 'Paths along the data\u2019s principal components against noise level', lines,
      controls: [choice<Along>(state, 'What of the components', [['emerged', 'emergence'], ['perturbation', 'perturbation']], () => what,
        (v) => { what = v; })],
      rows: () => alongRows(state, view, what, lines),
      caption: () =>
        `${what === 'emerged' ? 'How much of a path\u2019s end along a component x\u0302\u2080 has, by least squares over paths'
          : 'What is left at the end of sampling of a small step along a component, relative to the step'}. `
          + `Dotted: the closed form of one Gaussian with the data\u2019s covariance, the same for both: large components come first. ${bands}${of()}`,
      table: () => alongTable(state, view, what, lines),
    }));
    const planes = linesOf(state, 'planes', planeNames, (key) => (g) => g.curves[key]?.x !== undefined);
    out.push(figure(state, {
      title: 'Share of paths outside a plane against noise level', lines: planes, rows: () => shareRows(state, view, planeNames, planes, 'share outside'),
      caption: () =>
        `The share of paths\u2019 squared distance from the data\u2019s mean outside the plane through the mean and the path\u2019s first and last points, `
          + `beside that outside another path\u2019s plane. ${bands}${of()}`,
      table: () => shareTable(state, view, planeNames, planes),
    }));
  }

  if (has((g) => hasCurve(g, (n) => n === 'collapse'))) {
    const lines = linesOf(state, 'weights', collapseNames, (key) => (g) => g.curves[key]?.x !== undefined);
    out.push(h('h3', {}, 'Collapse'), figure(state, {
      title: 'Weight of a noised training point against noise level', lines,
      rows: () => shareRows(state, view, collapseNames, lines, 'posterior weight', [['collapse_sigma', 'measured'], ['collapse_sigma.theory', 'theory']]),
      caption: () =>
        `A training point is noised; the weight that the training points\u2019 own posterior gives back to it. Near 1 the empirical score draws paths `
          + `to single points. Upright lines: where it passes one half, and where a noisy point knows ln n nats of its clean one, `
          + `n training points. ${bands}${of()}`,
      table: () => shareTable(state, view, collapseNames, lines),
    }));
  }

  if (over.length > 0 && has((g) => hasCurve(g, isExplainedOverTraining))) {
    const overTraining = (key: string) => (g: Group): boolean => Object.keys(g.curves).some((n) => n.startsWith(`explained_score.${key}.sigma_`));
    const lines = linesOf(state, 'references', referencesOf(state), overTraining);
    const select = h('select', { 'aria-label': 'Noise level', change: () => { view.sigma = Number(select.value); state.changed(); } },
      ...over.map((s) => h('option', { value: s, selected: s === view.sigma }, `\u03c3 = ${level(s)}`)));
    out.push(figure(state, {
      title: 'Share explained by reference denoisers against training step', lines,
        controls: [h('label', {}, select), explainedOf('What is explained over training'), scaleOf()],
      rows: () => explainedRows(state, view, lines, `.sigma_${suffixOf(state, view.sigma)}`),
      caption: () =>
        `${shareWords()} at \u03c3 = ${level(view.sigma)}, against the training step. Where the Gaussian explains more than the exact score early and less `
          + `in the end, the network learns the Gaussian first. ${bands}${of()}`,
      table: () => explainedTable(state, view, lines, `.sigma_${suffixOf(state, view.sigma)}`),
    }));
  }

  if (has((g) => hasCurve(g, (n) => n === 'denoising_error'))) {
    const lines = modelLinesOf(state, 'denoising_error');
    out.push(h('h3', {}, 'Denoising error'), figure(state, {
      title: 'Denoising error against noise level', lines, rows: () => denoisingRows(state, view, lines),
      caption: () =>
        `Mean squared error of x\u0302\u2080 per dimension on held-out points, in latent units, against the noise level; both axes logarithmic. The exact `
          + `denoiser, where it is known, has the least error that there is, not none. ${bands}${of()}`,
      table: () => modelTable(state, view, 'denoising_error', lines),
    }));
  }

  if (has((g) => hasCurve(g, (n) => n === 'bifurcation'))) {
    const lines = modelLinesOf(state, 'bifurcation');
    out.push(h('h3', {}, 'Bifurcation'), figure(state, {
      title: 'Share that returns to its mode against noise level', lines, rows: () => bifurcationRows(state, view, lines),
      caption: () =>
        `Held-out points are noised to \u03c3 and brought back along the probability flow; the share that ends in the mode it came from. Upright lines: `
          + `where it crosses half-way between 1 and chance, the level at which trajectories commit to a mode. ${bands}${of()}`,
      table: () => modelTable(state, view, 'bifurcation', lines),
    }));
  }

  if (has(hasErrors)) {
    const lines = errorLines();
    out.push(h('h3', {}, 'Error decomposition'), figure(state, {
      title: 'Initialisation, score and discretisation error', lines, rows: () => errorRows(state, view, lines),
      caption: () =>
        `Left: what starting from pure noise, the learned score, and the sampler with its grid each add to the energy distance; sampling error takes some `
          + `below zero. Right: how far each moves the ends of the same paths, root mean square in latent units. Error bars: 95% intervals over seeds.${of()}`,
      table: () => errorTable(state, view),
    }));
  }

  return out;
}

const nearest = (values: readonly number[], to: number): number =>
  values.reduce((a, b) => (Math.abs(Math.log(b / to)) < Math.abs(Math.log(a / to)) ? b : a), values[0] ?? to);

/** The level as curves' names write it. */
function suffixOf(state: State, sigma: number): string {
  for (const g of state.report.groups) for (const n of Object.keys(g.curves)) {
    const at = n.indexOf('.sigma_');
    if (at > 0 && Number(n.slice(at + 7)) === sigma) return n.slice(at + 7);
  }
  return String(sigma);
}
