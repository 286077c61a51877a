import { h } from '../dom';
import { figure, type FigureParts } from '../figure';
import {
  fieldSets, fieldsOf, gridLines, gridRow, gridTable, latentLines, latentRows, latentTable, pathLines, pathRows, pathTable, scoreRow, scoreTable, showsModes,
  sigmasOf,
} from '../figures/fields';
import { axisName, label } from '../model/axes';
import type { State } from '../state';
import { choice } from './figures';

export const hasFields = (state: State): boolean => state.report.fields.length > 0;

/** Latent space, the fitted map, paths and the score, of one data set at a time. */
export function fieldSection(state: State): HTMLElement[] {
  const sets = fieldSets(state);
  // In two dimensions there is most to see.
  const flat = state.report.fields.find((f) => f.dimensions === 2)?.dataset ?? sets[0] ?? '';
  let own = sets.includes(state.chosen.dataset ?? '') ? (state.chosen.dataset ?? '') : flat;
  const dataset = (): string => (state.roles.mapped === 'dataset' ? (state.chosen.dataset ?? '') : own);
  const trials = (): string => {
    const shown = fieldsOf(state, dataset());
    const [first] = shown;
    if (!first) return `There is none of ${dataset()}.`;
    const others = Object.entries(first.field.axes).filter(([axis]) => axis !== 'dataset' && axis !== state.roles.arm
      && new Set(state.report.groups.map((g) => label(g.axes[axis]))).size > 1);
    return `${[dataset(), ...others.map(([axis, value]) => `${axisName(axis)} ${label(value)}`), `seed ${first.field.seed}`].join(', ')}.`;
  };
  const lines = latentLines(state);
  const sigmas = [...new Set(sets.flatMap((s) => sigmasOf(state, s)))];
  let sigma = sigmas[1] ?? sigmas[0] ?? 0;
  /** A figure that is left out where there is nothing of the data set. */
  const shown = (parts: FigureParts): HTMLElement => {
    const element = figure(state, parts);
    const show = (): void => { element.hidden = parts.rows().length === 0; };
    state.onChange(show);
    show();
    return element;
  };
  const out: HTMLElement[] = [];
  if (state.roles.mapped !== 'dataset' && sets.length > 1) {
    out.push(h('div', { class: 'controls' }, h('span', {}, 'Of'), choice(state, 'Data set', sets.map((s): [string, string] => [s, s]), () => own,
      (value) => { own = value; })));
  }
  out.push(figure(state, {
    title: 'The latent space', fixed: true, lines,
    rows: () => latentRows(state, dataset(), lines),
    caption: () =>
      'Where the network works: true samples that training did not see (grey) and generated ones (coloured), mapped by each arm\u2019s preprocessing; below, '
        + 'how their first coordinates are distributed, beside the standard normal (dotted) from which sampling starts. The nearer the grey points are to it, '
        + `the more of the work the preprocessing has done. Beyond four standard deviations nothing is drawn. ${trials()} From `
        + 'preprocessing.json, samples.npy and, below, trajectory.npy and weights.safetensors in artifacts/TRIAL.',
    table: () => latentTable(state, dataset()),
  }));
  if (state.report.fields.some((f) => f.grid.length > 0)) out.push(shown({
    title: 'The fitted map', fixed: true, lines: gridLines(state),
    rows: () => [gridRow(state, dataset())].filter((row) => row !== null),
    caption: () =>
      'A square grid of latent space, up to 2.8 standard deviations, as each arm\u2019s preprocessing lays it over the true samples (grey). Even '
        + `squares: an affine map. Where lines crowd the map gathers points, where they are far apart it leaves room. ${trials()}`,
    table: () => gridTable(state, dataset()),
  }));
  for (const set of sets) {
    const modes = pathLines(state, set);
    if (!state.report.fields.some((f) => f.dataset === set && f.paths)) continue;
    out.push(shown({
      title: 'Paths of samples', fixed: true, ...(modes ? { lines: modes } : {}), legend: modes === null || showsModes(modes),
      rows: () => (dataset() === set ? pathRows(state, set, modes) : []),
      caption: () =>
        `Coordinates of 60 samples after each reverse step, mapped back to data space, from the initial noise on${modes
          ? '; coloured by the mode that the end is nearest to. Where colours part, paths have committed to a mode.' : '.'} Of a path at most 16 moments are `
          + `kept, and joined by straight lines; a sampler that adds noise makes them jagged. ${trials()}`,
      table: () => pathTable(state, set),
    }));
  }
  if (state.report.fields.some((f) => f.scores.length > 0)) out.push(shown({
    title: 'The score, learned and exact', fixed: true,
    controls: [choice(state, 'Noise level', sigmas.map((s): [string, string] => [String(s), `\u03c3 = ${s}`]), () => String(sigma),
      (value) => { sigma = Number(value); })],
    rows: () => [scoreRow(state, dataset(), sigma)].filter((row) => row !== null),
    caption: () =>
      `In latent space at \u03c3 = ${sigma}: arrows are the score times \u03c3\u00b2, the way from a noisy point to its denoised one, shortened alike in `
        + 'each panel. Amber: the exact score, known where the data are a mixture of Gaussians and the preprocessing is affine. '
        + `Over it the network\u2019s, in the arm\u2019s colour: amber that shows is error. ${trials()}`,
    table: () => scoreTable(state, dataset()),
  }));
  return out;
}
