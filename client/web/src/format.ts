import type { Bounds, MaybeNumber } from './model/report';

const minus = '\u2212';

/** A number to `digits` significant figures, in plain notation between 1e-4 and 1e6; `–` when there is none. */
export function number(value: MaybeNumber | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  let out: string;
  if (size >= 1e6 || size < 1e-4) out = scientific(size, digits);
  else if (size >= 10 ** (digits - 1)) out = String(Math.round(size));
  else out = size.toPrecision(digits).replace(/e.*$/, '');
  return value < 0 ? minus + out : out;
}

function scientific(size: number, digits: number): string {
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string];
  return `${mantissa.replace(/\.?0+$/, '')}e${exponent.replace('+', '').replace('-', minus)}`;
}

/** A label in the middle of a sentence: a capital that begins a word of small letters falls, those of names and abbreviations stay. */
export const inSentence = (label: string): string => (/^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label);

/** Shows the sign of a difference. */
export function signed(value: MaybeNumber | undefined, digits = 3): string {
  const out = number(value, digits);
  return value !== null && value !== undefined && value > 0 ? `+${out}` : out;
}

/** Mean and 95% interval with one number of decimals, taken from half the interval's width: two figures of it carry meaning. */
export function interval(mean: MaybeNumber | undefined, low: MaybeNumber | undefined, high: MaybeNumber | undefined, sign = false): string {
  if (mean === null || mean === undefined) return '–';
  if (low === null || low === undefined || high === null || high === undefined) return sign ? signed(mean) : number(mean);
  const width = high - low;
  const size = Math.max(Math.abs(mean), Math.abs(low), Math.abs(high));
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return `${sign ? signed(mean, 2) : number(mean, 2)} [${number(low, 2)}, ${number(high, 2)}]`;
  }
  const decimals = width > 0 ? Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(width / 2)))) : 3;
  const fix = (v: number): string => fixed(v, decimals);
  return `${sign && mean > 0 ? '+' : ''}${fix(mean)} [${fix(low)}, ${fix(high)}]`;
}

/** The end of an interval, where the quantity can lie. */
export const within = (bounds: Bounds, v: MaybeNumber | undefined): MaybeNumber =>
  (typeof v === 'number' ? Math.min(bounds.most ?? Infinity, Math.max(bounds.least ?? -Infinity, v)) : null);

/** Mean and interval as they are shown of a quantity: the numbers in report.json keep their ends. */
export const intervalWithin = (bounds: Bounds, m: { mean?: MaybeNumber; ci_low?: MaybeNumber; ci_high?: MaybeNumber } | undefined): string =>
  interval(m?.mean, within(bounds, m?.ci_low), within(bounds, m?.ci_high));

/** Text in which an interval in brackets does not break over lines. */
export const unbroken = (text: string): string => text.replace(/\[[^\]]{0,40}\]/g, (m) => m.replace(/ /g, '\u00a0'));

/** Fixed decimals with a true minus sign, never "−0.00". */
export function fixed(value: number, decimals: number): string {
  const out = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(out) !== 0 ? minus + out : out;
}

/** A p-value: never "0.000". */
export function probability(p: MaybeNumber | undefined): string {
  if (p === null || p === undefined) return '–';
  if (p < 0.001) return '< 0.001';
  return p.toFixed(p < 0.1 ? 3 : 2);
}

/** "Log-likelihood (nats)" */
export const withUnit = (name: string, unit: string): string => (unit ? `${name} (${unit})` : name);

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
