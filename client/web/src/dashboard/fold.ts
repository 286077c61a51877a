import type { Counts, Grid, GridCell } from './model';

/** The combined groups at one pair of axis values. */
export interface Folded extends Counts {
  x: string;
  y: string;
  groups: number;
  /** Mean over completed trials. */
  metrics: Record<string, number | null>;
}

/** No axis, if a sweep has only one. */
export const none = '';

/** Aggregates the groups that pass the filters onto two axes. */
export function fold(grid: Grid, x: string, y: string, where: Readonly<Record<string, string>> = {}): Map<string, Folded> {
  const others = Object.entries(where).filter(([axis]) => axis !== x && axis !== y && axis !== 'seed');
  const out = new Map<string, Folded>();
  const weights = new Map<Folded, Record<string, number>>();
  for (const cell of grid.cells) {
    if (!others.every(([axis, value]) => cell.key[axis] === value)) continue;
    const [a, b] = [x === none ? '' : (cell.key[x] ?? ''), y === none ? '' : (cell.key[y] ?? '')];
    const key = keyOf(a, b);
    let f = out.get(key);
    if (!f) {
      out.set(key, (f = { x: a, y: b, groups: 0, total: 0, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0, metrics: {} }));
      weights.set(f, {});
    }
    add(f, cell, weights.get(f) as Record<string, number>);
  }
  return out;
}

export const keyOf = (x: string, y: string): string => `${x}\u0000${y}`;

function add(f: Folded, cell: GridCell, weights: Record<string, number>): void {
  f.groups++;
  for (const state of ['total', 'queued', 'running', 'completed', 'failed', 'cancelled'] as const) f[state] += cell[state];
  f.held = (f.held ?? 0) + (cell.held ?? 0);
  f.pruned = (f.pruned ?? 0) + (cell.pruned ?? 0);
  for (const [name, value] of Object.entries(cell.metrics)) {
    if (value === null || !Number.isFinite(value) || cell.completed === 0) continue;
    const before = weights[name] ?? 0;
    const after = before + cell.completed;
    weights[name] = after;
    f.metrics[name] = ((f.metrics[name] ?? 0) * before + value * cell.completed) / after;
  }
}

/** The initial axes: the compared one down, the longest other one across. */
export function standardAxes(axes: readonly { name: string; values: readonly unknown[] }[], baseline: string | null): { x: string; y: string } {
  const varied = axes.filter((a) => a.values.length > 1);
  const y = varied.find((a) => a.name === baseline) ?? varied[0] ?? axes[0];
  const rest = varied.filter((a) => a !== y);
  const x = rest.find((a) => a.name === 'width') ?? [...rest].sort((a, b) => b.values.length - a.values.length)[0];
  return { x: x?.name ?? none, y: y?.name ?? none };
}
