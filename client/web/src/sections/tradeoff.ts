import { figure } from '../figure';
import { tradeOff } from '../figures/tradeoff';
import { inSentence, plural } from '../format';
import { firstSeeds } from '../model/race';
import { tradeOffTable } from '../model/tradeoff';
import type { State } from '../state';

/** The settings by the two metrics of compare.pareto. */
export function tradeOffSection(state: State): HTMLElement[] {
  const sections = state.report.pareto.filter((s) => s.points.length > 0);
  const [first] = sections;
  if (!first) return [];
  const x = state.metric(first.x);
  const y = state.metric(first.y);
  const left = sections.reduce((n, s) => n + s.left_out, 0);
  return [figure(state, {
    title: `${x.label} and ${inSentence(y.label)}`, legend: state.report.sweep.compare.axis === state.roles.arm, fixed: true,
    rows: () => sections.map((s) => ({ title: s.dataset, label: `${s.dataset ? `${s.dataset}: ` : ''}settings by ${x.label} and ${inSentence(y.label)}`,
      draw: tradeOff(state, s, x, y) })),
    caption: () => `${sections.some((s) => s.dataset) ? `${sections.map((s) => s.dataset).join(', ')}, one below the other. ` : ''}Means with 95% intervals `
      + 'over seeds. Filled: on the front, as no other setting equals or beats it in both means. Hollow: off it, but no setting beats it in both for sure (95% '
      + `intervals of the paired differences), so it may belong there. Faint: beaten.${left > 0
        ? ` Left out: ${plural(left, 'setting')} without a value in some seed.` : ''}${[' Exploratory.', firstSeeds(state.report)].filter(Boolean).join(' ')}`,
    table: () => tradeOffTable(state, sections),
  })];
}
