import { describe, expect, it } from 'vitest';
import { init } from '../src/charts/echarts';
import { layout } from '../src/charts/layout';
import { draw, runs } from '../src/charts/option';
import type { RowSpec } from '../src/charts/spec';
import { curveRows, excessRows, pictureRow } from '../src/figures/curves';
import { drawnMetrics, finalRow, thresholdRow } from '../src/figures/finals';
import { readReport } from '../src/model/read';
import { themes } from '../src/palette';
import { linear } from '../src/scales';
import { State } from '../src/state';
import { sample } from './sample';

/** Draws a row without a browser and returns the SVG. */
function render(state: State, row: RowSpec, width = 800): string {
  const { option, height } = draw(row, width, themes.light, (arm) => state.style(arm, 'light'));
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option);
  const out = chart.renderToSVGString();
  chart.dispose();
  return out;
}

describe('figures', () => {
  const state = new State(readReport(sample()));
  it('draw every row without a number that is not one', () => {
    for (const row of [...curveRows(state), pictureRow(state, [{ row: 'ica4', column: '16' }]), finalRow(state, 'log_likelihood'),
      finalRow(state, 'energy_distance'), thresholdRow(state)]) {
      const out = render(state, row);
      expect(out).toContain('<path');
      expect(out).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
  it('draw well-formed SVG: what follows an attribute is space or the tag\'s end', () => {
    for (const row of [pictureRow(state, [{ row: 'ica4', column: '16' }]), finalRow(state, 'log_likelihood')])
      expect(render(state, row)).not.toMatch(/="[^"<>]*"[^\s>/]/);
  });
  it('write names of the report as text, never as markup', () => {
    const out = render(state, finalRow(state, 'energy_distance'));
    expect(out).toContain('&lt;img');
    expect(out).not.toContain('<img');
  });
  it('leave datasets without a density out of the curves', () => expect(curveRows(state).map((r) => r.title))
    .toEqual(['ica4 \u00b7 truth level \u22122.00 nats']));
  it('draw one band per stretch of a curve and none for one seed', () => {
    const arms = pictureRow(state, [{ row: 'ica4', column: '16' }]).panels[0]?.arms ?? [];
    expect(arms.map((a) => a.interval)).toEqual(['band', 'band']);
    const single = new State(readReport(sample((r) => { for (const g of r.groups) for (const c of Object.values(g.curves) as any[]) {
      c.ci_low = c.mean.map(() => null); c.ci_high = c.ci_low; } })));
    expect((pictureRow(single, [{ row: 'ica4', column: '16' }]).panels[0]?.arms ?? []).map((a) => a.interval)).toEqual(['none', 'none']);
  });
  it('draw the gap to the truth level: what is lacking is above zero', () => {
    const points = pictureRow(state, [{ row: 'ica4', column: '16' }]).panels[0]?.arms[0]?.points ?? [];
    expect(points.map((p) => p.y)).toEqual([98, null, 3, 1]);
  });
  it('set the claim and its limit beside each other, on plain axes unless these would hide the truth level', () => {
    const two = [{ row: 'ica4', column: '16' }, { row: 'ica4', column: '64' }];
    const row = pictureRow(state, two);
    expect(row.panels.map((p) => p.title)).toEqual(['ica4, width 16', 'ica4, width 64']);
    expect(row.panels.map((p) => p.rulers[0]?.label)).toEqual(['truth level \u22122.00 nats', 'truth level \u22122.00 nats']);
    expect(row.plain).toBe(false);
    const near = new State(readReport(sample((r) => { for (const g of r.groups) for (const c of Object.values(g.curves) as any[]) for (
      const k of ['mean', 'ci_low', 'ci_high']) c[k] = c[k].map((v: number | null) => v === null ? null : v / 4); })));
    expect(pictureRow(near, two).plain).toBe(true);
    expect(pictureRow(near, two).panels[0]?.y.scale.kind).toBe('linear');
  });
  it('give sampling noise about zero no decades of its own', () => {
    const noisy = new State(readReport(sample((r) => { r.groups.forEach(
      (g: any, i: number) => { g.metrics.energy_distance.per_seed = [1e-5, -1e-4]; g.metrics.energy_distance.mean = i % 2 ? -3e-5 : 0.1; }); })));
    expect(finalRow(noisy, 'energy_distance').panels[0]?.y.scale.kind).toBe('linear');
  });
  it('crop a panel whose bands would fill it, and say so in the panel', () => {
    const wild = new State(readReport(sample((r) => { const c = r.groups[1].curves.log_likelihood; c.ci_low = [-1e10, null, -1e10, -1e10];
    c.ci_high = [1e10, null, 1e10, 1e10]; })));
    const panels = curveRows(wild)[0]?.panels ?? [];
    expect(panels.map((p) => p.cut)).toEqual([undefined, undefined, 'cropped; reaches \u22121e10 and 1e10']);
    expect(Math.max(...panels.map((p) => p.y.domain.high))).toBeLessThan(1e5);
    expect(render(wild, curveRows(wild)[0] as RowSpec)).toContain('cropped; reaches');
  });
  it('keep the figure of a metric that no arm gave a value', () => {
    const lost = new State(readReport(sample((r) => { for (const g of r.groups) g.metrics.energy_distance =
      { mean: null, per_seed: [null, null], truth_level: 0.002, reason: '12 of the samples\u2019 12 coordinates are not finite' }; })));
    expect(drawnMetrics(lost)).toContain('energy_distance');
    expect(finalRow(lost, 'energy_distance').panels[0]?.note).toContain('not finite');
  });
  it('keep shares between 0 and 1', () => {
    const shares = new State(readReport(sample((r) => { r.metrics.push(
      { name: 'mode_coverage', label: 'Mode coverage', unit: 'share', better: 'higher', explanation: '', least: 0, most: 1 });
      for (const g of r.groups) g.metrics.mode_coverage = { mean: 0.5, ci_low: -0.3, ci_high: 1.3, per_seed: [0.1, 0.9] }; })));
    const panel = finalRow(shares, 'mode_coverage').panels[0];
    expect(panel?.arms[0]?.points.map((p) => [p.low, p.high])).toEqual([[0, 1], [0, 1], [0, 1]]);
    expect(panel?.y.domain).toEqual({ low: 0, high: 1.04 });
  });
  it('draw no picture of a number that never changes', () => {
    const report = readReport(sample((r) => { for (const g of r.groups) g.metrics.denoiser_evaluations = { mean: 100, per_seed: [100, 100] }; }));
    expect(drawnMetrics(new State(report))).toEqual(['log_likelihood', 'energy_distance']);
  });
  it('draw what is left to learn as the excess over the least loss, and nothing where it was not measured', () => {
    expect(excessRows(state)).toEqual([]);
    const report = readReport(sample((r) => { for (const g of r.groups as any[]) if (g.axes.dataset === 'ica4') {
      g.metrics.validation_loss = { mean: 0.21, per_seed: [0.21, 0.21], truth_level: 0.2 };
      g.curves.validation_loss = { mean: [1.2, 0.4, 0.21], ci_low: [1.1, 0.3, 0.2], ci_high: [1.3, 0.5, 0.22], x: [0, 4, 8], x_kind: 'training_step' };
    } }));
    const rows = excessRows(new State(report));
    const panel = rows.find((r) => r.title === 'ica4')?.panels[0];
    expect(panel?.arms[0]?.points.map((p) => [p.x, Number(p.y?.toFixed(6)), Number(p.low?.toFixed(6))])).toEqual([[0, 1, 0.9], [4, 0.2, 0.1], [8, 0.01, 0]]);
    expect(rows.filter((r) => r.title !== 'ica4').every((r) => r.panels.every((p) => p.note === 'no validation loss'))).toBe(true);
    expect(render(new State(report), rows[0] as RowSpec)).not.toMatch(/NaN|undefined|Infinity/);
  });
  it('put a seed that never arrives on the shelf', () => {
    const panel = thresholdRow(state).panels[0];
    const shelf = panel?.y.ticks?.find((t) => t.label === 'never')?.at;
    expect(shelf).toBeGreaterThan(3);
    expect(panel?.arms[0]?.dots?.map((d) => d.y)).toContain(shelf);
  });
});

describe('layout', () => {
  const axis = { name: '', scale: linear, domain: { low: 0, high: 1 } };
  const row = (n: number): RowSpec => ({ title: 'x', sharedY: true, tooltip: 'axis',
    panels: Array.from({ length: n }, () => ({ title: '', x: axis, y: axis, arms: [], rulers: [] })) });
  it.each([[4, 1072, 4], [4, 362, 1], [4, 700, 4], [9, 1072, 5]])('sets %i panels in %i pixels in %i columns', (n, width, columns) => {
    expect(layout({ ...row(n), narrowest: 140 }, width).columns).toBe(columns);
  });
  it('keeps panels inside and apart', () => {
    for (const width of [330, 700, 1072]) {
      const { panels, height } = layout(row(7), width);
      for (const p of panels) {
        expect(p.left + p.width).toBeLessThanOrEqual(width);
        expect(p.top + p.height).toBeLessThan(height);
      }
    }
  });
});

describe('runs', () => {
  it('splits at gaps and drops lone points', () => expect(runs([1, 2, null, 3, null, 4, 5])).toEqual([[1, 2], [4, 5]]));
});
