import { describe, expect, it } from 'vitest';
import type { Dimension } from '../../src/dashboard/brush';
import { axisWords, scatterAxis, scatterDraw, scatterPoints } from '../../src/dashboard/columnScatter';
import { armStyle, themes } from '../../src/palette';

const kind: Dimension = { name: 'preprocessing', label: 'preprocessing', at: 0, words: ['standardize', 'gaussianize'] };
const rate: Dimension = { name: 'training.learning_rate', label: 'learning rate', at: 1, words: ['0.0001', '0.001', '0.1'] };
const loss: Dimension = { name: 'loss', label: 'loss', at: 3, words: null };
const rows = [['standardize', '0.0001', 0, 2.5], ['gaussianize', '0.1', 0, 1.5], ['gaussianize', '0.001', 1, null], ['gaussianize', '0.1', 2, 1.4]];

describe('a scatter of two columns', () => {
  it('takes an axis of numbers as numbers, logarithmic where they span decades', () => {
    const x = scatterAxis(rate, rows);
    expect([x.words, x.scale.kind, axisWords(x)]).toEqual([null, 'log', 'learning rate (logarithmic)']);
    expect(axisWords(scatterAxis(loss, rows))).toBe('loss');
  });

  it('leaves out rows that lack a column, and tells the others by the compared axis', () => {
    const points = scatterPoints(rows, scatterAxis(rate, rows), scatterAxis(loss, rows), kind);
    expect(points.map((p) => [p.x, p.y, p.arm])).toEqual([[0.0001, 2.5, 'standardize'], [0.1, 1.5, 'gaussianize'], [0.1, 1.4, 'gaussianize']]);
  });

  it('puts rows of one word apart, each always at the same place, within the word’s own', () => {
    const x = scatterAxis(kind, rows);
    const points = scatterPoints(rows, x, scatterAxis(loss, rows), kind);
    expect(points).toEqual(scatterPoints(rows, x, scatterAxis(loss, rows), kind));
    const [a, b, c] = points.map((p) => p.x) as [number, number, number];
    expect(b).not.toBe(c);
    expect(Math.abs(a)).toBeLessThan(0.3);
    expect(Math.abs(b - 1)).toBeLessThan(0.3);
  });

  it('tells which point was pressed', () => {
    const [x, y] = [scatterAxis(rate, rows), scatterAxis(loss, rows)];
    const points = scatterPoints(rows, x, y, kind);
    const pressed: unknown[] = [];
    const drawing = scatterDraw(points, x, y, () => armStyle(0, -1, 'light'), () => '', (p) => pressed.push(p.row))(800, themes.light);
    drawing.press?.(1);
    drawing.press?.(7);
    expect(pressed).toEqual([rows[1]]);
  });
});
