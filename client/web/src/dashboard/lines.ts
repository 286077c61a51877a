import type { RowSpec } from '../charts/spec';
import { interval, number, withUnit } from '../format';
import { choose, extent, linear, log, padded, symlog } from '../scales';

/** One curve, as it was measured. */
export interface Line {
  name: string;
  /** Which colour, dash and marker it has. */
  style: number;
  x: readonly number[];
  y: readonly (number | null)[];
  low?: readonly (number | null)[] | undefined;
  high?: readonly (number | null)[] | undefined;
  /** What it nears, where it nears something. */
  truth: number | null;
}

/** Curves over each other. */
export interface LinePicture {
  title: string;
  x: string;
  y: string;
  unit: string;
  /** Drawn as each line's truth level minus it; lines without one are left out. */
  gap: boolean;
  lines: readonly Line[];
  caption: string;
}

const value = (v: number | null | undefined): number | null => v ?? null;

/** The drawing's only panel. */
export function linesRow(picture: LinePicture): RowSpec {
  const lines = picture.lines.filter((l) => !picture.gap || l.truth !== null);
  const drawn = (l: Line, v: number | null): number | null => (v === null ? null : picture.gap ? (l.truth as number) - v : v);
  const values = lines.flatMap((l) => l.y.map((v) => drawn(l, v)));
  const all = extent(values) ?? { low: 0, high: 1 };
  const positive = values.every((v) => v === null || v > 0);
  const scale = picture.gap ? symlog(0.1) : positive && all.high / Math.max(all.low, 1e-300) > 5 ? log(all.low * 0.5) : choose(values);
  const x = extent(lines.flatMap((l) => [...l.x])) ?? { low: 0, high: 1 };
  const levels = new Set(lines.map((l) => l.truth));
  const [level] = levels;
  const unit = picture.unit ? ` ${picture.unit}` : '';
  return {
    title: '', sharedY: true, tooltip: 'axis', shape: { ratio: 0.5, least: 200, most: 320 },
    panels: [{
      title: '',
      arms: lines.map((l) => {
        const banded = (l.low ?? []).some((v) => v !== null);
        return {
          arm: l.name, line: true, interval: banded ? 'band' as const : 'none' as const, markEvery: 0,
          points: l.x.map((at, i) => {
            const [y, low, high] = [value(l.y[i]), value(l.low?.[i]), value(l.high?.[i])];
            const ends = [drawn(l, low), drawn(l, high)];
            const own = { x: at, y: drawn(l, y), tip: `${banded ? interval(y, low, high) : number(y, 4)}${unit}` };
            return banded ? { ...own, low: value(picture.gap ? ends[1] : ends[0]), high: value(picture.gap ? ends[0] : ends[1]) } : own;
          }),
        };
      }),
      x: { name: picture.x, scale: linear, domain: x.low < x.high ? x : { low: x.low - 0.5, high: x.high + 0.5 } },
      y: { name: withUnit(picture.gap ? 'Gap to the truth level' : picture.y, picture.unit), scale,
        domain: padded({ low: picture.gap ? Math.min(all.low, -0.2) : all.low, high: all.high }, scale, 0.05) },
      rulers: picture.gap && lines.length > 0
        ? [{ at: 0, kind: 'truth', label: levels.size === 1 ? `truth level ${number(level ?? null)}` : 'truth level' }] : [],
      tipHead: (at) => `${picture.x} ${number(at, 6)}`,
      ...(lines.length > 0 ? {} : { note: 'no curve' }),
    }],
  };
}
