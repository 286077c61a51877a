import type { Points } from './model';

/** A selected range of one dimension, in its units; positions for labels. */
export interface Range {
  low: number;
  high: number;
}

export type Brushes = Readonly<Record<string, Range>>;

/** `width:0:1.5;log_likelihood:-3:-2`, names and numbers encoded. */
export const brushText = (brushes: Brushes): string =>
  Object.entries(brushes).map(([name, r]) => `${encodeURIComponent(name)}:${short(r.low)}:${short(r.high)}`).join(';');

const short = (v: number): string => String(Number(v.toPrecision(5)));

export function readBrushes(text: string | null, names: readonly string[]): Record<string, Range> {
  const out: Record<string, Range> = {};
  for (const part of (text ?? '').split(';')) {
    const [name, low, high] = part.split(':');
    if (name === undefined || low === undefined || high === undefined || low === '' || high === '') continue;
    let known: string;
    try {
      known = decodeURIComponent(name);
    } catch {
      continue;
    }
    const range = { low: Number(low), high: Number(high) };
    if (names.includes(known) && Number.isFinite(range.low) && Number.isFinite(range.high) && range.low <= range.high) out[known] = range;
  }
  return out;
}

/** A dimension of the parallel coordinates: an axis with ordered labels, or a metric. */
export interface Dimension {
  name: string;
  label: string;
  /** Its column in the points. */
  at: number;
  /** The labels of an axis; null for a metric. */
  words: readonly string[] | null;
}

/** A row's position on a dimension; null if not measured. */
export function position(dimension: Dimension, row: Points['rows'][number]): number | null {
  const value = row[dimension.at];
  if (dimension.words) {
    const i = dimension.words.indexOf(String(value));
    return i < 0 ? null : i;
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Whether a row is within all ranges. */
export const inside = (row: Points['rows'][number], dimensions: readonly Dimension[], brushes: Brushes): boolean =>
  dimensions.every((d) => {
    const range = brushes[d.name];
    if (!range) return true;
    const at = position(d, row);
    return at !== null && at >= range.low && at <= range.high;
  });
