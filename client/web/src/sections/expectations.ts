import { h } from '../dom';
import { figure } from '../figure';
import { expectationForest, scaleOf } from '../figures/expectations';
import { plural } from '../format';
import { control, estimate, mark, outcome, place, subject, withControls } from '../model/expectations';
import { judgedSeeds } from '../model/race';
import type { State } from '../state';
import { plainTable } from '../table';

/** What the spec expected, against what came out. */
export function expectationSection(state: State): HTMLElement[] {
  const { expectations, expectation_rules: rules } = state.report;
  const out: HTMLElement[] = [];
  if (rules) out.push(h('p', {}, h('b', {}, `${rules.supported} supported, ${rules.refuted} refuted, ${rules.undecided} undecided${rules.empty
      ? `, ${rules.empty} empty (a control does not fail)` : ''}.`), rules.registration
    ? ` ${rules.registration}` : ''));
  if (expectations.length > 0) {
    const raced = state.report.family?.race;
    const several = expectations.some((e) => e.groups.length > 1);
    out.push(figure(state, {
      title: 'Expectations', legend: false, fixed: true,
      rows: () => [{ title: '',
        label: `${plural(expectations.length, 'claim')} with their intervals against their bounds. The numbers are in the table below the figure.`,
          draw: expectationForest(withControls(expectations)) }],
      caption: () => [
        `Each claim on an axis of its own: 95% intervals over ${judgedSeeds(state.report)}, what satisfies the claim shaded, its `
          + `bound written beneath.`,
        several ? 'One line per group; a claim is about all of its groups.' : '',
        expectations.some((e) => scaleOf(e).kind === 'symlog') ? 'Where it says log the axis is logarithmic away from zero.' : '',
        expectations.some((e) => e.controls.length > 0) ? 'A control must fail: the same condition refuted, or its difference from the claim supported.' : '',
        expectations.some((e) => e.along) ? 'Along an axis the intervals hold together, and the claim is that the condition begins to hold.' : '',
        'Hollow: undecided. An arrow: some seed never gets there, which is beyond every number of steps.',
      ].filter(Boolean).join(' '),
      table: () => ({
        head: ['claim', 'verdict', 'judged', 'where', ...raced ? ['seeds'] : [], 'found', 'verdict there', 'trials completed when stated'],
        rows: withControls(expectations).flatMap((e) => e.groups.map((g) =>
          [e.claim, e.verdict, subject(e), place(e, g) || '–', ...raced ? [String(g.given)] : [], estimate(e, g), g.verdict,
            e.registered ? `${e.registered.completed} of ${e.registered.total}` : '–'])),
      }),
    }));
    out.push(h('details', { class: 'print-open' }, h('summary', {}, 'The claims in words'),
      h('div', { class: 'scroll' }, plainTable({ head: ['', 'claim', 'judged', 'found', 'control'],
        rows: expectations.map((e) => [`${mark(e.verdict)} ${e.verdict}`, e.claim, subject(e), outcome(e),
          e.controls.map(control).join('; ') || '–']) }))));
  }
  if (rules && rules.withdrawn.length > 0)
    out.push(h('p', {}, 'Withdrawn or changed, and not judged:'), h('ul', {}, ...rules.withdrawn.map((w) => h('li', {}, `${w.claim} (${w.is})`))));
  if (rules?.method) out.push(h('details', {}, h('summary', {}, 'How they are judged'), h('p', {}, rules.method)));
  return out;
}
