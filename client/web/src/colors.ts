/** Samples of viridis (van der Walt and Smith 2015): perceptually uniform, safe for colour-blind readers. */
const stops: readonly (readonly [number, number, number])[] = [[68, 1, 84], [65, 68, 135], [42, 120, 142], [34, 168, 132], [122, 209, 81], [253, 231, 37]];

export type Rgb = readonly [number, number, number];

/** The colour at a fraction, 0 to 1. */
export function viridis(share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[i] as Rgb, stops[i + 1] as Rgb, at - i);
}

export const mix = (a: Rgb, b: Rgb, share: number): Rgb => [0, 1, 2]
  .map((k) => Math.round((a[k] as number) + ((b[k] as number) - (a[k] as number)) * share)) as unknown as Rgb;

export const css = (c: Rgb, alpha = 1): string => (alpha >= 1 ? `rgb(${c[0]}, ${c[1]}, ${c[2]})` : `rgba(${c[0]}, ${c[1]}, ${c[2]}, ${alpha})`);

/** WCAG 2 relative luminance. */
export function luminance(c: Rgb): number {
  const [r, g, b] = c.map((v) => { const s = v / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export const contrast = (a: Rgb, b: Rgb): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

const dark: Rgb = [0, 0, 0];
const bright: Rgb = [255, 255, 255];

/** Black or white, whichever has more contrast. */
export const inkOn = (c: Rgb): Rgb => (contrast(c, bright) >= contrast(c, dark) ? bright : dark);
