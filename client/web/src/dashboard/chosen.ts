import type { AxisInfo, GridCell } from './model';
import { variedAxes } from './parts/filters';

/** One row that is compared: a trial, or a group with all its seeds. */
export type Choice = { kind: 'trial'; id: string } | { kind: 'group'; axes: Record<string, string> };

/** As many as there are colours. */
export const mostChosen = 8;

/** A choice as it is in the address: a trial's id; a group's labels, each after a colon, in the order of the varied axes. */
export const choiceKey = (choice: Choice, axes: readonly AxisInfo[]): string => (choice.kind === 'trial' ? choice.id
  : variedAxes(axes).map((a) => `:${encodeURIComponent(choice.axes[a.name] ?? '')}`).join('') || ':');

export const groupKey = (cell: GridCell, axes: readonly AxisInfo[]): string => choiceKey({ kind: 'group', axes: cell.key }, axes);

/** The keys of an address, each once, those that can't be meant left out. */
export const chosenKeys = (query: URLSearchParams, axes: readonly AxisInfo[]): string[] =>
  [...new Set((query.get('pick') ?? '').split(','))].filter((k) => choiceOf(k, axes) !== null).slice(0, mostChosen);

/** What a key of an address stands for; null if nothing. */
export function choiceOf(key: string, axes: readonly AxisInfo[]): Choice | null {
  if (/^[0-9a-z]{1,64}$/.test(key)) return { kind: 'trial', id: key };
  if (!key.startsWith(':')) return null;
  const varied = variedAxes(axes);
  let labels: string[];
  try {
    labels = key.slice(1).split(':').map(decodeURIComponent);
  } catch {
    return null;
  }
  if (varied.length === 0) return key === ':' ? { kind: 'group', axes: {} } : null;
  if (labels.length !== varied.length || !varied.every((a, i) => a.values.some((v) => v.label === labels[i]))) return null;
  return { kind: 'group', axes: Object.fromEntries(varied.map((a, i) => [a.name, labels[i] as string])) };
}

/** The keys with one added or taken out, as the address has them. */
export const toggled = (keys: readonly string[], key: string): string | null =>
  (keys.includes(key) ? keys.filter((k) => k !== key) : [...keys, key].slice(0, mostChosen)).join(',') || null;

/** A nested value, flat: what leads to each plain value, and that value in words. */
export function flattened(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value === null ? '–' : String(value)]]);
  const plain = Array.isArray(value) && value.every((v) => typeof v !== 'object');
  if (plain) return new Map([[path, (value as unknown[]).join(', ')]]);
  return new Map(Object.entries(value).flatMap(([k, v]) => [...flattened(v, path === '' ? k : `${path}.${k}`)]));
}

/** The rows of several columns of settings whose values differ; what a column lacks is a dash. */
export function differing(columns: readonly ReadonlyMap<string, string>[]): [name: string, values: string[]][] {
  const names = [...new Set(columns.flatMap((c) => [...c.keys()]))];
  return names.map((n): [string, string[]] => [n, columns.map((c) => c.get(n) ?? '–')]).filter(([, values]) => new Set(values).size > 1);
}
