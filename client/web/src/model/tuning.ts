import { inSentence, number, plural } from '../format';
import type { State } from '../state';
import type { TableData } from '../table';
import { label } from './axes';
import type { Report, TunedArm, Tuning } from './report';

export const hasTuning = (report: Report): report is Report & { tuning: Tuning } => report.tuning !== null && report.tuning.arms.length > 0;

/** What a score is. */
export function scoreWords(state: State, tuning: Tuning): string {
  const metric = state.metric(tuning.metric);
  return metric.better === 'truth_level' ? `distance of ${inSentence(metric.label)} from its truth level` : inSentence(metric.label);
}

/** How tuning was done, and what that means for the comparisons. */
export function tuningWords(state: State, tuning: Tuning): string {
  const arms = tuning.per.length > 0 ? tuning.per.join(' and ') : 'arm';
  const drawn = tuning.method === 'sobol' ? 'of a scrambled Sobol sequence' : tuning.method === 'tpe'
    ? `(suggested by a tree-structured Parzen estimator, ${tuning.batch} at a time, after a Sobol sequence’s first)` : 'drawn at random';
  const points = `${plural(tuning.settings, 'setting')} ${drawn} (seed ${tuning.seed})`;
  return `Each ${arms} has the best of ${points} of ${tuning.over.join(' and ')}, chosen by ${inSentence(state.metric(tuning.metric).label)} on seeds of `
    + `tuning's own. Pairs share seed and data, not settings. ${tuning.repeats === 1
      ? 'One tuning is one replicate, so what is compared is the settings chosen, and not the arms however they are tuned.'
      : `Each of the ${tuning.repeats} seeds confirms a tuning of its own, so that intervals over seeds are over tunings too.`}`;
}

/** An arm on the compared axis, by its label; the only one where that is not tuned apart. */
export const armOf = (report: Report, arm: TunedArm): string => label(arm.axes[report.sweep.compare.axis] ?? '');

/** Where an arm is beside the compared axis: its panel. */
export const placeOf = (report: Report, tuning: Tuning, arm: TunedArm): string => [
  ...tuning.per.filter((a) => a !== report.sweep.compare.axis).map((a) => (a === 'dataset' ? label(arm.axes[a] ?? '') : `${a} ${label(arm.axes[a] ?? '')}`)),
  ...(tuning.repeats > 1 ? [`repeat ${arm.repeat}`] : [])].join(', ');

const value = (v: number | null): string => (v === null ? '–' : number(v));

/** Every arm with its choice. */
export function tuningTable(tuning: Tuning): TableData {
  return {
    head: [...tuning.per, ...(tuning.repeats > 1 ? ['repeat'] : []), ...tuning.over, 'at the edge', 'chosen by', 'confirmed', '95% interval', 'trials',
      'without score', 'training steps', 'training s'],
    rows: tuning.arms.map((a) => {
      const chosen = a.choice === null ? undefined : a.tried[a.choice - 1];
      return [...tuning.per.map((p) => label(a.axes[p] ?? '')), ...(tuning.repeats > 1 ? [String(a.repeat)] : []),
        ...tuning.over.map((o) => (chosen ? label(chosen.values[o] ?? '') : 'not yet')), a.edge.join(', '), value(a.chosen_score), value(a.confirmed),
        a.confirmed_low === null || a.confirmed_high === null ? '' : `${number(a.confirmed_low)} to ${number(a.confirmed_high)}`,
        String(a.trials), String(a.without_score), String(a.training_steps), number(a.train_seconds)];
    }),
  };
}

/** Every setting that was tried. */
export function triedTable(tuning: Tuning): TableData {
  return {
    head: [...tuning.per, ...(tuning.repeats > 1 ? ['repeat'] : []), 'number', ...tuning.over, 'score', 'best so far', ''],
    rows: tuning.arms.flatMap((a) => a.tried.map((t, i) => [
      ...tuning.per.map((p) => label(a.axes[p] ?? '')), ...(tuning.repeats > 1 ? [String(a.repeat)] : []), String(i + 1),
      ...tuning.over.map((o) => label(t.values[o] ?? '')), t.failed > 0 ? `${plural(t.failed, 'trial')} failed` : value(t.score), value(t.best_so_far),
      a.choice === i + 1 ? 'chosen' : ''])),
  };
}
