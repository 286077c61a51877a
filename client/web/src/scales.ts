import { number } from './format';

/**
 * How a measured value becomes a position. Charts draw transformed positions on plain axes and write the labels
 * themselves, because the chart library has no scale that is linear about zero and logarithmic beyond.
 */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'symlog';
  forward(value: number): number;
  inverse(position: number): number;
  /** Labelled values inside the domain, ascending. */
  ticks(low: number, high: number, atMost?: number): number[];
  format(value: number): string;
}

export const linear: Scale = {
  kind: 'linear',
  forward: (v) => v,
  inverse: (p) => p,
  ticks: (low, high, atMost = 6) => {
    const step = niceStep((high - low) / Math.max(1, atMost - 1));
    const out: number[] = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) out.push(Number((k * step).toPrecision(12)));
    return out;
  },
  format: (v) => number(v, 4).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''),
};

/** Base-10 logarithm; values at or below `least` sit at `least`. */
export function log(least: number): Scale {
  const forward = (v: number): number => Math.log10(Math.max(v, least));
  return {
    kind: 'log',
    forward,
    inverse: (p) => 10 ** p,
    ticks: (low, high, atMost = 6) => {
      const out = decades(Math.max(low, least), high, [1]);
      return thin(out.length >= 3 ? out : decades(Math.max(low, least), high, out.length >= 2 ? [1, 3] : [1, 2, 5]), atMost);
    },
    format: power,
  };
}

/** sign(v) log10(1 + |v| / c): linear within about `c` of zero, decades beyond. */
export function symlog(c: number): Scale {
  return {
    kind: 'symlog',
    forward: (v) => Math.sign(v) * Math.log10(1 + Math.abs(v) / c),
    inverse: (p) => Math.sign(p) * c * (10 ** Math.abs(p) - 1),
    ticks: (low, high, atMost = 9) => {
      // Decades so near to zero that their labels would stand in each other have none.
      const reach = Math.log10(1 + Math.max(0, high) / c) + Math.log10(1 + Math.max(0, -low) / c);
      const least = Math.max(1, 10 ** ((0.4 * reach) / atMost) - 1) * c * 0.99;
      const up = high > 0 ? decades(least, high, [1]) : [];
      const down = low < 0 ? decades(least, -low, [1]) : [];
      // Drop the decades nearest to zero first: their labels would sit on the zero's.
      const budget = Math.max(2, atMost - 1);
      let [a, b] = [down, up];
      while (a.length + b.length > budget && (a.length > 1 || b.length > 1)) {
        if (a.length >= b.length) a = alternate(a);
        else b = alternate(b);
      }
      const zero = low <= 0 && high >= 0 ? [0] : [];
      return [...a.map((v) => -v).reverse(), ...zero, ...b];
    },
    format: (v) => (v > 0 ? `+${power(v)}` : power(v)),
  };
}

const alternate = (values: number[]): number[] => values.filter((_, i) => (values.length - 1 - i) % 2 === 0);

function decades(low: number, high: number, factors: number[]): number[] {
  const out: number[] = [];
  if (!(low > 0) || !(high >= low)) return out;
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
    for (const f of factors) {
      const v = Number((f * 10 ** e).toPrecision(6));
      if (v >= low * 0.999 && v <= high * 1.001) out.push(v);
    }
  return out;
}

function thin(values: number[], atMost: number): number[] {
  let out = values;
  while (out.length > atMost) out = out.filter((_, i) => i % 2 === 0);
  return out;
}

function power(v: number): string {
  const size = Math.abs(v);
  const sign = v < 0 ? '\u2212' : '';
  if (size === 0) return '0';
  if (size >= 1e5 || size < 1e-3) return `${sign}${size.toExponential(0).replace('e+', 'e').replace('e-', 'e\u2212')}`;
  return sign + String(Number(size.toPrecision(3)));
}

function niceStep(raw: number): number {
  if (!(raw > 0)) return 1;
  const base = 10 ** Math.floor(Math.log10(raw));
  const f = raw / base;
  return (f <= 1.0001 ? 1 : f <= 2.0001 ? 2 : f <= 5.0001 ? 5 : 10) * base;
}

export interface Domain {
  low: number;
  high: number;
}

/** Beyond the readable half of what is drawn, so many times its length on the scale may be taken in. */
const reach = 3;

/**
 * What of several lines can be read together: all of it, unless some reach so far that the others would shrink to nothing. The half that reaches least, seen
 * from `anchor`, is shown whole, and beyond it three times its length as
 * drawn.
 * @param lines Values of each line.
 * @param anchor What must be in view.
 * @returns The domain, and whether some values lie outside it.
 */
export function readable(lines: readonly (readonly (number | null | undefined)[])[], scale: Scale, anchor: number): { domain: Domain; cut: boolean } | null {
  const at = scale.forward(anchor);
  const extents = lines.map((l) => extent(l.map((v) => (typeof v === 'number' ? scale.forward(v) : null)))).filter((e): e is Domain => e !== null);
  if (extents.length === 0) return null;
  const far = (e: Domain): number => Math.max(Math.abs(e.low - at), Math.abs(e.high - at));
  const near = [...extents].sort((a, b) => far(a) - far(b)).slice(0, Math.ceil(extents.length / 2));
  const core = extent([at, ...near.flatMap((e) => [e.low, e.high])]) as Domain;
  const all = extent([at, ...extents.flatMap((e) => [e.low, e.high])]) as Domain;
  const more = reach * Math.max(core.high - core.low, 1e-9);
  const domain = { low: Math.max(all.low, core.low - more), high: Math.min(all.high, core.high + more) };
  return { domain: { low: scale.inverse(domain.low), high: scale.inverse(domain.high) }, cut: domain.low > all.low || domain.high < all.high };
}

/** A domain with the ends of intervals in it, as far as half its length on the scale beyond it: a band of a few seeds may reach out of the frame. */
export function withEnds(domain: Domain, ends: readonly (number | null | undefined)[], scale: Scale): { domain: Domain; cut: boolean } {
  const all = extent([domain.low, domain.high, ...ends]) as Domain;
  const [low, high] = [scale.forward(domain.low), scale.forward(domain.high)];
  const more = Math.max(high - low, 1e-9) / 2;
  const to = { low: Math.max(scale.forward(all.low), low - more), high: Math.min(scale.forward(all.high), high + more) };
  return { domain: { low: scale.inverse(to.low), high: scale.inverse(to.high) }, cut: to.low > scale.forward(all.low) + 1e-12
    || to.high < scale.forward(all.high) - 1e-12 };
}

/** The finite extremes, or `null` when there is nothing finite. */
export function extent(values: Iterable<number | null | undefined>): Domain | null {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (v === null || v === undefined || !Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? { low, high } : null;
}

/** Widens a domain by a share of its length as drawn, so that marks do not sit on the frame. */
export function padded(domain: Domain, scale: Scale, share = 0.06): Domain {
  const a = scale.forward(domain.low);
  const b = scale.forward(domain.high);
  const pad = b > a ? (b - a) * share : scale.kind === 'linear' ? Math.max(Math.abs(a) * 0.1, 1e-6) : 0.3;
  return { low: scale.inverse(a - pad), high: scale.inverse(b + pad) };
}

/** The scale that lets a reader see all the values: linear unless they span more than a factor of 30. */
export function choose(values: readonly (number | null | undefined)[]): Scale {
  const finite = values.filter((v): v is number => typeof v === 'number' && Number.isFinite(v));
  const sizes = finite.map(Math.abs).filter((v) => v > 0).sort((a, b) => a - b);
  const largest = sizes[sizes.length - 1];
  if (largest === undefined) return linear;
  const smallest = sizes[Math.floor(sizes.length * 0.05)] ?? largest;
  if (largest / smallest < 30) return linear;
  if (finite.every((v) => v >= 0)) return log(smallest * 0.5);
  return symlog(10 ** Math.floor(Math.log10(Math.max(smallest, largest * 1e-4))));
}

/**
 * The gap to the truth level, of every log-likelihood that is there: what is lacking (+) or too much (−) against fresh true samples. The sign that
 * `log_likelihood_gap` has, in every figure.
 */
export const gapsTo = (truthLevel: number, values: readonly (number | null)[]): (number | null)[] => values.map((v) => (v === null ? null : truthLevel - v));

/** The range of a raw log-likelihood curve worth looking at: from well below the truth level's neighbourhood to just above it. */
export function clippedAround(values: Iterable<number | null | undefined>, truthLevel: number, nats = 10): Domain {
  const all = extent(values);
  const low = Math.max(all?.low ?? truthLevel - nats, truthLevel - nats);
  const high = Math.max(Math.min(all?.high ?? truthLevel, truthLevel + nats), truthLevel);
  return { low: Math.min(low, truthLevel - nats * 0.2), high: high + Math.max(0.3, (high - low) * 0.06) };
}
