import { describe, expect, it } from 'vitest';
import { atStep, density, planeWords, scatterOf, scatterRow, scatterTable, stepsOf, strips } from '../src/figures/scatter';
import { readReport } from '../src/model/read';
import { State } from '../src/state';

const encode = (places: number[]): string => btoa(String.fromCharCode(...places.flatMap((p) => [p & 255, p >> 8])));

const report = (axes: string[], change: Record<string, unknown> = {}): ReturnType<typeof readReport> => readReport(JSON.stringify({
  version: 2,
  sweep: {
    name: 's', seeds: [0, 1], compare: { axis: 'preprocessing', baseline: 'none' },
    axes: [{ name: 'dataset', values: ['moons'] }, { name: 'preprocessing', values: ['none', 'ica'] }, { name: 'width', values: [8, 16] }],
  },
  groups: [['none', 8], ['ica', 8], ['none', 16], ['ica', 16]].map(([preprocessing, width]) => ({ axes: { dataset: 'moons', preprocessing, width } })),
  scatters: [{
    dataset: 'moons', dimensions: axes.length, axes, low: axes.map(() => -1), high: axes.map((_, k) => 1 + 2 * k),
    truth: encode(axes.length === 2 ? [0, 0, 65535, 65535] : [0, 65535]),
    groups: [{
      axes: { dataset: 'moons', preprocessing: 'ica', width: 8 }, trial: 'abc', seed: 0, points: encode(axes.length === 2 ? [65535, 0] : [65535]), outside: 2,
    }],
    ...change,
  }],
}));

describe('scatter', () => {
  it('reads points in data units', () => {
    const [scatter] = report(['x1', 'x2']).scatters;
    expect([...scatter!.truth.x]).toEqual([-1, 1]);
    expect([...scatter!.truth.y!]).toEqual([-1, 3]);
    expect(scatter!.groups[0]!.cloud.x[0]).toBe(1);
  });

  it('draws the truth beneath every arm in the same square, and says what is missing', () => {
    const state = new State(report(['x1', 'x2']));
    const row = scatterRow(state, scatterOf(state, 'moons')!, 'moons', '8', '');
    expect(row.panels.map((p) => p.title)).toEqual(['true samples', 'none', 'ica']);
    const [truth, none, ica] = row.panels;
    expect(truth!.clouds!.map((c) => c.of)).toEqual([null]);
    expect(none!.note).toBe('not here');
    expect(ica!.clouds!.map((c) => [c.of, c.x.length])).toEqual([[null, 2], ['ica', 1]]);
    expect(ica!.cut).toBe('2 of 3 outside');
    // Four units across and up, though the data span two and four.
    expect([ica!.x.domain, ica!.y.domain]).toEqual([{ low: -2, high: 2 }, { low: -1, high: 3 }]);
  });

  it('keeps its own scale for coordinates that are no match for each other', () => {
    const state = new State(report(['x1', 'x2'], { low: [0, 0], high: [1, 1000] }));
    const [panel] = scatterRow(state, scatterOf(state, 'moons')!, 'moons', '8', '').panels;
    expect([panel!.x.domain.high, panel!.y.domain.high]).toEqual([1, 1000]);
  });

  it('draws a histogram that integrates to one where there is one dimension', () => {
    const state = new State(report(['age']));
    const scatter = scatterOf(state, 'moons')!;
    const [, , ica] = scatterRow(state, scatter, 'moons', '8', '').panels;
    expect(ica!.arms.map((a) => a.arm)).toEqual(['true samples', 'ica']);
    const columns = density(scatter.truth, { low: -1, high: 1 });
    expect(columns.reduce((sum, c) => sum + c.y * (2 / columns.length), 0)).toBeCloseTo(1);
  });

  it('says what the plane is where there are more dimensions, and gives the numbers', () => {
    const state = new State(report(['x1', 'x2'], { dimensions: 5, explained: 0.834 }));
    const scatter = scatterOf(state, 'moons')!;
    expect(planeWords(scatter)).toContain('Of 5 dimensions');
    expect(planeWords(scatter)).toContain('83%');
    expect(scatterTable(state, scatter).rows[1]!.slice(0, 4)).toEqual(['abc', '0', '1', '2']);
    expect(planeWords(scatterOf(new State(report(['x1', 'x2'])), 'moons')!)).toBe('');
  });

  it('shows the moment that the reader chose, and the strip of moments on paper', () => {
    const moments = [0, 7, 13, 20].map((step, i) => ({ step, points: encode([1000 * i, 65535]), outside: i }));
    const state = new State(report(['x1', 'x2'], { groups: [{
      axes: { dataset: 'moons', preprocessing: 'ica', width: 8 }, trial: 'abc', seed: 0, points: encode([65535, 0, 0, 0]), outside: 0, moments,
    }] }));
    const [scatter] = state.report.scatters;
    const group = scatter!.groups[0]!;
    expect(stepsOf(state.report.scatters)).toEqual([0, 7, 13, 20]);
    expect(atStep(group, null)).toBe(group);
    expect(atStep(group, 20)!.cloud).toBe(group.cloud);
    expect(atStep(group, 12)!.outside).toBe(1);
    state.step = 0;
    expect(scatterRow(state, scatter!, 'moons', '8', '').panels[2]!.clouds![1]!.x.length).toBe(1);
    const [strip, ...others] = strips(state, scatter!, 'moons', '8');
    expect(others).toEqual([]);
    expect(strip!.panels.map((p) => p.title)).toEqual(['step 0', 'step 7', 'step 13', 'step 20']);
  });

  it('has none where the report has none, and drops what makes no plane', () => {
    expect(readReport('{"version":2}').scatters).toEqual([]);
    expect(report(['x1', 'x2'], { low: [0] }).scatters).toEqual([]);
  });
});
