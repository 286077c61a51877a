import { isNumeric } from '../model/axes';
import type { ArmMarks, AxisSpec } from '../charts/spec';
import { number, plural } from '../format';
import { choose, extent, linear, log, padded, type Domain, type Scale } from '../scales';
import type { State } from '../state';

/** Where the columns' values lie on an x-axis: by their base-2 logarithm where they double, evenly where they are words. */
export function columnAxis(state: State): { at: (column: string) => number; spec: AxisSpec; spacing: number } {
  const { columns } = state;
  const numbers = columns.map(Number);
  const numeric = isNumeric(columns);
  const logarithmic = numeric && numbers.every((n) => n > 0) && Math.max(...numbers) / Math.min(...numbers) >= 4;
  const position = (column: string): number => (logarithmic ? Math.log2(Number(column)) : numeric ? Number(column) : columns.indexOf(column));
  const at = columns.map(position);
  const gaps = [...at].sort((a, b) => a - b).slice(1).map((v, i) => v - ([...at].sort((a, b) => a - b)[i] ?? v));
  const spacing = gaps.length > 0 ? Math.min(...gaps) || 1 : 1;
  return {
    at: position,
    // Of few columns each has much room, and arms set far apart would seem to lie between them.
    spacing: spacing * Math.min(1, (columns.length + 0.1) / 4),
    spec: {
      name: state.columnName + (logarithmic ? ' (log scale)' : ''),
      scale: linear,
      domain: { low: Math.min(...at) - spacing * 0.55, high: Math.max(...at) + spacing * 0.55 },
      ticks: columns.map((c, i) => ({ at: at[i] ?? 0, label: c })),
    },
  };
}

/** A vertical axis for values that several panels share. Noise about zero deserves no decades. */
export function valueAxis(name: string, values: readonly (number | null)[]): AxisSpec {
  const chosen = choose(values);
  const scale: Scale = chosen.kind === 'symlog' ? linear : chosen;
  const reach = extent(values.filter((v) => v !== null && (scale.kind !== 'log' || v > 0))) ?? { low: 0, high: 1 };
  return { name, scale, domain: padded(reach, scale, 0.08) };
}

/** A horizontal axis for numbers that were drawn from a range: by their logarithm where the largest is over 20 times the least. */
export function rangeAxis(name: string, values: readonly number[]): AxisSpec {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const scale: Scale = least > 0 && most / least > 20 ? log(least / 10) : linear;
  return { name, scale, domain: padded({ low: least, high: most }, scale, 0.06) };
}

/** How far what is drawn reaches out of a cropped panel; nothing where all of it is inside. */
export function cutWords(arms: readonly ArmMarks[], domain: Domain): { cut?: string } {
  const all = extent(arms.flatMap((a) => a.points.flatMap((p) => [p.y, p.low, p.high])));
  const slack = (domain.high - domain.low) * 1e-6;
  if (!all || (all.low >= domain.low - slack && all.high <= domain.high + slack)) return {};
  return { cut: `cropped; reaches `
    + `${[all.low < domain.low - slack ? number(all.low) : '', all.high > domain.high + slack ? number(all.high) : ''].filter(Boolean).join(' and ')}` };
}

/** Sets the arms beside each other around one x position, so that their bars do not hide one another. */
export const dodge = (arm: number, arms: number, spacing: number): number => (arms < 2 ? 0 : (arm - (arms - 1) / 2) * Math.min(0.16, 0.6 / arms) * spacing);

/** A dataset's name says what it is; another axis' value needs its axis. */
export const rowTitle = (state: State, row: string): string =>
  (state.roles.row === null ? '' : state.roles.row === 'dataset' ? row : `${state.rowName} ${row}`);
export const columnTitle = (state: State, column: string): string => (state.roles.column === null ? '' : `${state.columnName} ${column}`);

/** What the bands are, or why there are none. */
export const bandWords = (state: State): string => {
  const seeds = state.report.sweep.seeds.length;
  if (seeds === 1) return 'One seed, so there are no bands.';
  return `Bands: 95% intervals over ${state.report.family?.race ? `as many seeds as the race gave a group, at most ${seeds}` : plural(seeds, 'seed')}.`;
};
