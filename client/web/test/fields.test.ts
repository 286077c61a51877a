import { describe, expect, it } from 'vitest';
import {
  fieldSets, gridRow, gridTable, latentLines, latentRows, latentTable, pathLines, pathRows, pathTable, scoreRow, scoreTable, sigmasOf,
} from '../src/figures/fields';
import { readReport } from '../src/model/read';
import { State } from '../src/state';

/** Points as the report has them: places between the edges as 16-bit numbers. */
const cloud = (points: number[][], edge: number): string => btoa(points.flat().map((v) => {
  const place = Math.round(((v + edge) / (2 * edge)) * 65535);
  return String.fromCharCode(place & 255, place >> 8);
}).join(''));

const grid = (edge: number): number[][] => [-edge, 0, edge].flatMap((y) => [-edge, 0, edge].map((x) => [x, y]));

const field = (preprocessing: string, more: object): object => ({
  dataset: 'ring8', axes: { dataset: 'ring8', preprocessing, width: 16 }, trial: `t-${preprocessing}`, seed: 0, dimensions: 2, latent_edge: 4,
  latent_truth: cloud([[-1, 0], [1, 0], [0, 2]], 4), latent_points: cloud([[0, 0], [0, 1]], 4), low: [-6, -6], high: [6, 6], ...more,
});

const state = (): State => new State(readReport(JSON.stringify({
  version: 2,
  sweep: { name: 's', seeds: [0], compare: { axis: 'preprocessing', baseline: 'none', metric: 'energy_distance' },
    axes: [{ name: 'dataset', values: ['ring8'] }, { name: 'preprocessing', values: ['none', 'bent'] }, { name: 'width', values: [16] }] },
  groups: ['none', 'bent'].map((preprocessing) => ({ axes: { dataset: 'ring8', preprocessing, width: 16 }, seeds: [0], metrics: {}, curves: {} })),
  scatters: [{ dataset: 'ring8', dimensions: 2, axes: ['x1', 'x2'], low: [-2, -2], high: [2, 2], truth: cloud([[0, 0]], 2), groups: [] }],
  fields: [
    field('none', {
      grid: [cloud([[-2, 0], [0, 0], [2, 0]], 6)],
      paths: { moments: 2, points: cloud([[0, 0], [1, 0], [0, 0], [-1, 0], [0, 1], [1, 1]], 6), modes: [0, 4, 0] },
      scores: [{ sigma: 0.5, edge: 2, side: 3, learned: cloud(grid(2).map(([x, y]) => [(x ?? 0) / 2, (y ?? 0) / 2]), 4),
        exact: cloud(grid(2).map(() => [0, 0]), 4) }],
    }),
    field('bent', { grid: [cloud([[-2, 0], [1, 0], [2, 0]], 6)], scores: [{ sigma: 0.5, edge: 2, side: 3, learned: cloud(grid(2), 4) }] }),
  ],
})));

describe('latent space', () => {
  it('has a panel for each arm, and marginals below beside the normal', () => {
    const s = state();
    const lines = latentLines(s);
    const rows = latentRows(s, 'ring8', lines);
    expect(fieldSets(s)).toEqual(['ring8']);
    expect(rows.map((r) => r.panels.length)).toEqual([2, 2, 2]);
    expect(rows[1]?.panels[0]?.arms.map((a) => a.arm)).toEqual(['true samples', 'none', 'standard normal']);
    const normal = rows[1]?.panels[0]?.arms[2]?.points.map((p) => p.y ?? 0) ?? [];
    expect(Math.max(...normal)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 6);
    lines.hidden.add('bent');
    expect(latentRows(s, 'ring8', lines).map((r) => r.panels.length)).toEqual([1, 1, 1]);
  });

  it('has its moments in a table', () => {
    const row = latentTable(state(), 'ring8').rows[0];
    expect(row?.slice(0, 4)).toEqual(['none', 'true samples', 'latent 1', 't-none']);
    expect(Math.abs(Number(row?.[4]?.replace('\u2212', '-')))).toBeLessThan(1e-3);
    expect(Number(row?.[5])).toBeCloseTo(Math.sqrt(2 / 3), 2);
  });
});

describe('the fitted map', () => {
  it('is drawn line by line, and its table tells even from uneven', () => {
    const s = state();
    expect(gridRow(s, 'ring8')?.panels[1]?.arms[0]?.points.filter((p) => p.y === null).length).toBe(1);
    expect(gridTable(s, 'ring8').rows.map((r) => Number(r[3]))).toEqual([1, expect.closeTo(3, 1)]);
  });
});

describe('paths', () => {
  it('are coloured by the mode that they end in', () => {
    const s = state();
    const lines = pathLines(s, 'ring8');
    expect(lines?.names).toEqual(['mode 1', 'mode 5']);
    const rows = pathRows(s, 'ring8', lines);
    expect(rows.map((r) => r.panels.length)).toEqual([1, 1]);
    expect(rows[0]?.panels[0]?.arms.map((a) => [a.arm, a.points.length])).toEqual([['mode 1', 6], ['mode 5', 3]]);
    lines?.hidden.add('mode 1');
    expect(pathRows(s, 'ring8', lines)[0]?.panels[0]?.arms.map((a) => a.arm)).toEqual(['mode 5']);
    expect(pathTable(s, 'ring8').rows).toEqual([['none', 't-none', '3', '2', '1']]);
  });
});

describe('the score', () => {
  it('is drawn over the exact one where that is known', () => {
    const row = scoreRow(state(), 'ring8', 0.5);
    expect(row?.panels.map((p) => p.arrows?.map((a) => a.of))).toEqual([[null, 'none'], ['bent']]);
    expect(row?.panels[1]?.cut).toBe('exact score not known');
    const exact = row?.panels[0]?.arrows?.[0];
    // The longest arrow is one and a half steps of the grid.
    expect(Math.max(...(exact?.dx ?? []).map((dx, i) => Math.hypot(dx, exact?.dy[i] ?? 0)))).toBeCloseTo(3, 2);
  });

  it('is measured against it in a table', () => {
    expect(sigmasOf(state(), 'ring8')).toEqual([0.5]);
    const rows = scoreTable(state(), 'ring8').rows;
    expect(Number(rows[0]?.[6])).toBeCloseTo(0.5, 2);
    expect(rows[1]?.slice(4)).toEqual(['–', '–', '–']);
  });
});
