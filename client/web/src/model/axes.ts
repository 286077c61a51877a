import type { Axes, AxisValue, Group, Report } from './report';

/** How an axis value is written: a kind by its name, a scalar as it is. */
export function label(value: AxisValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    const named = value as { name?: unknown; kind?: unknown };
    if (typeof named.name === 'string') return named.name;
    if (typeof named.kind === 'string') return named.kind;
    return JSON.stringify(value);
  }
  return value === undefined || value === null ? '–' : String(value);
}

/**
 * The distinct labels of an axis: in the spec's order first, then as the groups show them. Numbers ascend. Of a live report all that the spec names, so that
 * colours and places stay.
 */
export function valuesOf(report: Report, axis: string): string[] {
  const used = new Set(report.groups.map((g) => label(g.axes[axis])));
  const declared = (report.sweep.axes.find((a) => a.name === axis)?.values ?? []).map(label).filter((v) => report.live === true || used.has(v));
  const all = [...new Set([...declared, ...used])];
  return isNumeric(all) ? all.sort((a, b) => Number(a) - Number(b)) : all;
}

export const isNumeric = (values: readonly string[]): boolean => values.length > 0 && values.every((v) => v.trim() !== '' && Number.isFinite(Number(v)));

/** Which axis plays which part in the figures. A part is `null` when the sweep has no axis for it. */
export interface Roles {
  /** Lines of one colour each: the compared axis. */
  arm: string | null;
  /** One row of panels each: the dataset, as a rule. */
  row: string | null;
  /** One column of panels each, and the x-axis of the final metrics: the width, as a rule. */
  column: string | null;
  /** Axes with several values left over: one is looked at at a time. */
  selectors: string[];
  /** The axis whose values would be rows, were they not too many: a map sums it up, and one value is looked at at a time. */
  mapped: string | null;
}

/** More rows of panels than this are not taken in. */
const mostRows = 8;

/** Deals the axes out to the parts of the figures: dataset and width where they are free, otherwise the axis with the most values. */
export function rolesOf(report: Report): Roles {
  const names = [...new Set([...report.sweep.axes.map((a) => a.name), ...report.groups.flatMap((g) => Object.keys(g.axes))])];
  const sizes = new Map(names.map((n) => [n, valuesOf(report, n).length]));
  const several = (n: string): boolean => (sizes.get(n) ?? 0) > 1;
  const compared = report.sweep.compare.axis;
  const arm = names.includes(compared) ? compared : (names.find((n) => several(n) && n !== 'dataset' && n !== 'width') ?? names.find(several) ?? null);
  // A search's figures show one setting of each data set and arm, whatever its other axes.
  const free = names.filter((n) => n !== arm && (!report.sweep.searched || n === 'dataset'));
  const bySize = (a: string, b: string): number => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0);
  const row = free.includes('dataset') ? 'dataset' : (free.filter((n) => several(n) && n !== 'width').sort(bySize)[0] ?? null);
  const rest = free.filter((n) => n !== row && several(n)).sort(bySize);
  const column = rest.includes('width') ? 'width' : (rest.find((n) => isNumeric(valuesOf(report, n))) ?? rest[0]
    ?? (free.includes('width') && row !== 'width' ? 'width' : null));
  const mapped = row !== null && (sizes.get(row) ?? 0) > mostRows ? row : null;
  return { arm, row: mapped ? null : row, column, mapped, selectors: free.filter((n) => (n === mapped || n !== row) && n !== column && several(n)) };
}

/** The groups that agree with every given label. */
export const matching = (groups: readonly Group[], where: Readonly<Record<string, string>>): Group[] =>
  groups.filter((g) => Object.entries(where).every(([axis, value]) => label(g.axes[axis]) === value));

/** "dataset ica4, width 16" */
export const describe = (axes: Axes, order: readonly string[] = Object.keys(axes)): string =>
  order.filter((n) => n in axes).map((n) => `${axisName(n)} ${label(axes[n])}`).join(', ');

/** The words for an axis: the last part of a dotted name, underscores as spaces. */
export const axisName = (name: string): string => (name.split('.').pop() ?? name).replace(/_/g, ' ');
