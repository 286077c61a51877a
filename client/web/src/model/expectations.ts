import { interval, number } from '../format';
import { axisName, label } from './axes';
import type { Expectation, ExpectationGroup } from './report';

export const mark = (verdict: Expectation['verdict']): string => ({ supported: '\u2713', refuted: '\u2717', empty: '\u25cb', undecided: '?' })[verdict];

/** What is judged: "steps_to_threshold <= 20"; "b < a in energy_distance, a standardize, b gaussianize". */
export function subject(e: Expectation): string {
  const sides = e.compare;
  if (!sides && e.fails !== null && e.quantity !== 'x') return `${e.is} in ${e.metrics.join(' to ')}`;
  if (!sides) return e.absolute ? `${e.metrics[0] ?? ''}: ${e.is}` : `${e.metrics[0] ?? ''} ${e.is}`;
  const where = sides.axis === 'metric' ? '' : ` in ${e.metrics[0] ?? ''}`;
  return `${e.is}${where}, a ${sides.a}, b ${sides.b}`;
}

/** The axes in which a claim's groups differ. */
export const varying = (e: Expectation): string[] =>
  Object.keys(e.groups[0]?.axes ?? {}).filter((n) => new Set(e.groups.map((g) => label(g.axes[n]))).size > 1);

/** Where a group is: "ica4, width 16"; empty for a claim of one group. */
export const place = (e: Expectation, group: ExpectationGroup): string =>
  varying(e).map((n) => (['dataset', 'preprocessing', 'schedule'].includes(n) ? label(group.axes[n]) : `${axisName(n)} ${label(group.axes[n])}`)).join(', ');

/** What is missing for the same reason in each seed is said once. */
export const shorter = (reason: string): string => {
  const parts = reason.split('; ').map((p) => /^no result for seed \S+: (.+)$/.exec(p)?.[1]);
  return parts.length > 1 && parts.every((p) => p === parts[0] && p !== undefined) ? `no result for any of ${parts.length} seeds: ${parts[0]}` : reason;
};

/** A group's quantity with the range that is judged; what never gets there leaves it open. */
export function estimate(e: Expectation, group: ExpectationGroup): string {
  const unit = e.unit ? ` ${e.unit}` : '';
  const open = { above: `at least ${number(group.low)}`, below: `at most ${number(group.high)}`, both: 'anything' };
  const range = typeof group.mean === 'number' ? (group.low === group.high ? number(group.mean) : e.over === 'median'
    ? `${number(group.mean)} [${number(group.low)}, ${number(group.high)}]` : interval(group.mean, group.low, group.high)) : group.unbounded
      ? open[group.unbounded] : null;
  if (range === null) return group.reason ? shorter(group.reason) : 'no value';
  const quantity = e.quantity !== 'x' ? (typeof group.mean === 'number' ? `${e.quantity} = ` : `${e.quantity} `) : '';
  return `${e.over === 'median' ? 'median ' : ''}${quantity}${range}${unit}${group.reason ? ` (${group.reason})` : ''}`;
}

/** The decisive group in few words. */
export function outcome(e: Expectation): string {
  const decisive = e.groups[e.decisive];
  if (!decisive) return e.reason ?? '';
  const at = place(e, decisive);
  if (e.along) return `${e.reason ?? ''}; ${estimate(e, decisive)} at ${at}`;
  // In a race groups have different numbers of seeds.
  const seeds = e.groups.every((g) => g.given === decisive.given) ? '' : `, over ${decisive.given} seeds`;
  const words = `${estimate(e, decisive)}${at ? ` at ${at}` : ''}${seeds}`;
  return e.groups.length === 1 ? words : `${e.reason ?? ''}; ${['supported', 'empty'].includes(e.verdict) ? 'least certain' : 'most contrary'}: ${words}`;
}

/** A control beside its claim. */
export const control = (c: Expectation): string => `control ${c.claim} ${c.fails ? 'fails' : 'does not fail'}: ${c.quantity === 'claim - control' ? `${c.is}: `
  : ''}${outcome(c)}`;

/** Each claim, then its controls, called so. */
export const withControls = (expectations: readonly Expectation[]): Expectation[] =>
  expectations.flatMap((e) => [e, ...e.controls.map((c) => ({ ...c, claim: `control: ${c.claim}` }))]);

/** The bounds to draw. */
export const thresholds = (e: Expectation): number[] => (e.absolute ? [-e.threshold, e.threshold] : [e.threshold]);

/** Whether a value satisfies the condition. */
export function satisfies(e: Expectation, value: number): boolean {
  const v = e.absolute ? Math.abs(value) : value;
  return e.relation === '<' ? v < e.threshold : e.relation === '<=' ? v <= e.threshold : e.relation === '>' ? v > e.threshold : v >= e.threshold;
}
