import { h } from '../dom';
import { figure } from '../figure';
import { bestSoFar, tried } from '../figures/tuning';
import { number, plural } from '../format';
import { hasTuning, scoreWords, triedTable, tuningTable, tuningWords } from '../model/tuning';
import type { State } from '../state';
import { plainTable } from '../table';

/** How each arm came to its setting. */
export function tuningSection(state: State): HTMLElement[] {
  const { report } = state;
  if (!hasTuning(report)) return [];
  const { tuning } = report;
  const better = `${tuning.better} is better`;
  const steps = tuning.arms.map((a) => a.training_steps);
  const equal = new Set(steps).size === 1 ? `Every arm tuned with ${plural(tuning.arms[0]?.trials ?? 0, 'trial')} and ${number(steps[0] ?? 0)} training steps`
    : `Arms tuned with ${plural(tuning.arms[0]?.trials ?? 0, 'trial')} and ${number(Math.min(...steps))} to ${number(Math.max(...steps))} training steps`;
  const edge = tuning.arms.some((a) => a.edge.length > 0);
  const rows = tried(state, tuning);
  return [
    h('p', {}, tuningWords(state, tuning)),
    h('p', {}, `${equal}. The score that a setting was chosen by is the best of ${tuning.settings} and so optimistic; the confirmed one is of seeds that chose `
      + `nothing.${edge ? ' Choices at the edge of what was tried are named: a wider range may have better.' : ''}`),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Tuned arms as a table' }, plainTable(tuningTable(tuning))),
    figure(state, {
      title: 'Best score so far', fixed: true, rows: () => [bestSoFar(state, tuning)],
      caption: () => `Small dots: the score (${scoreWords(state, tuning)}, ${better}) of each setting, mean over `
        + `${plural(tuning.seeds.length / tuning.repeats, 'seed')} of tuning; line: the best so far. Rightmost: the chosen setting on the `
        + `sweep\u2019s seeds, with its 95% interval.`,
      table: () => triedTable(tuning),
    }),
    ...(rows.length > 0 ? [figure(state, {
      title: 'Settings tried', fixed: true, rows: () => tried(state, tuning),
      caption: () => `The score (${scoreWords(state, tuning)}, ${better}) of every setting against what was tuned; the large mark is the one that was chosen.`,
      table: () => triedTable(tuning),
    })] : []),
  ];
}
