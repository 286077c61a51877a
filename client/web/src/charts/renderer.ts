/** How charts are drawn: as SVG, which prints well, or on a canvas, which needs no style attributes and so gets by under a strict Content-Security-Policy. */
export const renderer: { kind: 'svg' | 'canvas' } = { kind: 'svg' };
