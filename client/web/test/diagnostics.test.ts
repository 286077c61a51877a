import { describe, expect, it } from 'vitest';
import { init } from '../src/charts/echarts';
import { draw } from '../src/charts/option';
import type { RowSpec } from '../src/charts/spec';
import {
  alongRows, alongTable, bifurcationRows, collapseNames, componentLines, denoisingRows, errorLines, errorRows, errorTable,
  explainedRows, explainedTable, hasCurve, isExplained, levels, linesOf, modelLinesOf, modelTable, planeNames, referencesIn, referencesOf,
  shareRows, shareTable, type DiagnosticView,
} from '../src/figures/diagnostics';
import { drawnMetrics } from '../src/figures/finals';
import { readReport } from '../src/model/read';
import { diagnosticStyle, themes } from '../src/palette';
import { State } from '../src/state';
import { sample } from './sample';

const over = (x: number[], kind: string, mean: (number | null)[]): object =>
  ({ mean, ci_low: mean.map((v) => v === null ? null : v - 0.1), ci_high: mean.map((v) => v === null ? null : v + 0.1), x, x_kind: kind });

/** Of ica4 alone, and of its second arm without what takes an exact score. */
const state = new State(readReport(sample((r) => {
  for (const g of r.groups.filter((g: any) => g.axes.dataset === 'ica4')) {
    const exact = g.axes.preprocessing === 'standardize';
    Object.assign(g.curves, {
      'explained_score.gaussian': over([0.1, 1, 10], 'sigma', exact ? [0.5, 0.95, 0.9999] : [0.4, 0.95, 0.9999]),
      'explained_score.identity': over([0.1, 1, 10], 'sigma', [-7, null, 0.9999]),
      'explained_score.gaussian.sigma_1': over([0, 30, 100], 'training_step', exact ? [0.2, 0.8, 0.9] : [0.1, 0.8, 0.9]),
      denoising_error: over([0.1, 1, 10], 'sigma', [0.01, 0.2, 0.5]),
      bifurcation: over([0.1, 1, 10], 'sigma', [1, 0.6, 0.2]),
      'explained_score.mixture-10-rank-2': over([0.1, 1, 10], 'sigma', [0.3, 0.9, 0.9999]),
      'emerged.pc_1': over([0.1, 1, 10], 'sigma', [1, exact ? 0.7 : 0.6, 0.1]), 'emerged.pc_1.gaussian': over([0.1, 1, 10], 'sigma', [1, 0.7, 0.1]),
      'perturbation.pc_1': over([0.1, 1, 10], 'sigma', [1.4, null, 0.1]), 'perturbation.pc_1.gaussian': over([0.1, 1, 10], 'sigma', [1, 0.7, 0.1]),
      out_of_plane: over([0.1, 1, 10], 'sigma', [0, 0.02, 0]), 'out_of_plane.of_others': over([0.1, 1, 10], 'sigma', [0.6, 0.5, 0.5]),
      collapse: over([0.1, 1, 10], 'sigma', [1, 0.5, 0.01]),
      ...(exact ? { 'bifurcation.exact': over([0.1, 1, 10], 'sigma', [1, 0.5, 0.2]), 'denoising_error.exact': over([0.1, 1, 10], 'sigma', [0.009, 0.19, 0.5]) }
        : {}),
    });
    g.metrics.collapse_sigma = { mean: 1, per_seed: [0.9, 1.1] };
    g.metrics.bifurcation_sigma = { mean: 0.8, per_seed: [0.7, 0.9] };
    if (exact) for (const [k, v] of [['initialisation', -0.001], ['score', 0.02], ['discretisation', 0.003]] as const) for (
      const f of ['error', 'path_error']) g.metrics[`${f}.${k}`] = { mean: v, ci_low: v - 0.001, ci_high: v + 0.001, per_seed: [v, v] };
  }
})));
const view = (change: Partial<DiagnosticView> = {}): DiagnosticView => ({ column: '16', explained: 'explained_score', lacking: false, sigma: 1, ...change });
const explained = linesOf(state, 'references', referencesOf(state), (key) => (g) => g.curves[`explained_score.${key}`]?.x !== undefined);

const planes = linesOf(state, 'planes', planeNames, (key) => (g) => g.curves[key]?.x !== undefined);
const weights = linesOf(state, 'weights', collapseNames, (key) => (g) => g.curves[key]?.x !== undefined);

function render(row: RowSpec): string {
  const { option, height } = draw(row, 800, themes.light, (name) => diagnosticStyle(name, 'light'));
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 800, height });
  chart.setOption(option);
  const out = chart.renderToSVGString();
  chart.dispose();
  return out;
}

describe('diagnostics', () => {
  it('have a line for every reference that has numbers of its own, by those numbers', () => {
    expect(explained.names).toEqual(['Gaussian', 'identity control', 'mixture-10-rank-2']);
    expect(referencesIn(['explained_path.mixture-10', 'explained_score.mixture-2.sigma_0.5', 'explained_score.mixture-10-rank-8', 'denoising_error',
      'explained_score.gaussian']).slice(5).map(([key]) => key)).toEqual(['mixture-2', 'mixture-10', 'mixture-10-rank-8']);
    expect(explained.style('mixture-10-rank-2', 'light').color).not.toBe(explained.style('Gaussian', 'light').color);
  });

  it('draw the Gaussian in the colour of the component that it is about, and mark where a curve is read', () => {
    const lines = componentLines(state);
    expect(lines.names).toEqual(['component 1', 'component 1, Gaussian']);
    expect(lines.style('component 1', 'dark').color).toBe(lines.style('component 1, Gaussian', 'dark').color);
    expect(lines.style('component 1', 'dark').dash).not.toEqual(lines.style('component 1, Gaussian', 'dark').dash);
    expect(alongTable(state, view(), 'perturbation', lines).rows[0]?.slice(2, 4)).toEqual(['component 1', expect.stringContaining('1.4')]);
    expect(shareRows(state, view(), collapseNames, weights, 'weight', [['collapse_sigma', 'measured']])[0]?.panels[0]?.posts)
      .toEqual([{ at: 1, of: 'training points', label: expect.stringContaining('measured') }]);
    expect(planes.style('its own plane', 'light')).not.toEqual(planes.style('another path\u2019s plane', 'light'));
    expect(shareTable(state, view(), planeNames, planes).rows.map((r) => r[2])).toContain('another path\u2019s plane');
  });

  it('draw every family without a number that is not one, and only where it was measured', () => {
    const rows = [
      ...explainedRows(state, view(), explained), ...explainedRows(state, view({ lacking: true }), explained),
        ...explainedRows(state, view(), explained, '.sigma_1'),
      ...denoisingRows(state, view(), modelLinesOf(state, 'denoising_error')), ...bifurcationRows(state, view(), modelLinesOf(state, 'bifurcation')),
        ...errorRows(state, view(), errorLines()),
      ...alongRows(state, view(), 'emerged', componentLines(state)), ...alongRows(state, view(), 'perturbation', componentLines(state)),
      ...shareRows(state, view(), planeNames, planes, 'share outside'),
      ...shareRows(state, view(), collapseNames, weights, 'weight', [['collapse_sigma', 'measured']]),
    ];
    expect(rows.map((r) => r.title)).toEqual(Array(10).fill('ica4'));
    for (const row of rows) {
      const out = render(row);
      expect(out).toContain('<path');
      expect(out).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
  it('have a panel per arm and a line per reference that was asked for', () => {
    expect(explained.names).toEqual(['Gaussian', 'identity control', 'mixture-10-rank-2']);
    const panels = explainedRows(state, view(), explained)[0]?.panels ?? [];
    expect(panels.map((p) => [p.title, p.arms.map((a) => a.arm)]))
      .toEqual([['standardize', explained.names], ['</script><b>', explained.names]]);
    expect(panels[0]?.x.scale.kind).toBe('log');
    expect(diagnosticStyle('identity control', 'light').dash).not.toBe('solid');
  });
  it('keep bands at or below one, and leave out those of points outside the frame', () => {
    const [gaussian, identity] = explainedRows(state, view(), explained)[0]?.panels[0]?.arms ?? [];
    expect(gaussian?.points.map((p) => p.high)).toEqual([0.6, 1, 1]);
    expect(identity?.points.map((p) => [p.y, p.low])).toEqual([[-7, null], [null, null], [0.9999, expect.any(Number)]]);
  });
  it('show what a share lacks of one on a logarithmic axis', () => {
    const panel = explainedRows(state, view({ lacking: true }), explained)[0]?.panels[0];
    expect(panel?.y.scale.kind).toBe('log');
    expect(panel?.arms[0]?.points.map((p) => Number(p.y?.toFixed(6)))).toEqual([0.5, 0.05, 0.0001]);
  });
  it('hide lines by the legend', () => {
    const lines = { ...explained, hidden: new Set(['Gaussian']) };
    expect(explainedRows(state, view(), lines)[0]?.panels[0]?.arms.map((a) => a.arm)).toEqual(['identity control', 'mixture-10-rank-2']);
  });
  it('put training step 0 on the axis', () => {
    const panel = explainedRows(state, view(), explained, '.sigma_1')[0]?.panels[0];
    expect(panel?.x.ticks?.map((t) => t.label)).toEqual(['0', '30', '100']);
    expect(panel?.x.scale.forward(0)).toBe(0);
    expect(levels(state)).toEqual([1]);
  });
  it('mark the level of commitment of the network and, where it is known, of the exact score', () =>
    expect(bifurcationRows(state, view(), modelLinesOf(state, 'bifurcation'))[0]?.panels.map((p) => p.posts?.map((x) => [x.at, x.of])))
      .toEqual([[[0.8, 'network']], [[0.8, 'network']]]));
  it('stand errors beside each other as columns from zero, below it too', () => {
    const [energy] = errorRows(state, view(), errorLines())[0]?.panels ?? [];
    expect(energy?.arms.map((a) => a.points.map((p) => p.y))).toEqual([[-0.001], [0.02], [0.003]]);
    expect(energy?.x.ticks?.map((t) => t.label)).toEqual(['standardize']);
    expect(energy?.y.domain.low).toBeLessThan(-0.001);
  });
  it('show no interval where the quantity cannot lie', () => {
    const bounded = new State(readReport(sample((r) => {
      r.metrics.push({ name: 'path_error.score', label: 'Score path error', unit: '', better: 'lower', explanation: '', least: 0 });
      for (const g of r.groups) {
        g.metrics['path_error.score'] = { mean: 0.5, ci_low: -0.85, ci_high: 1.85, per_seed: [0.4, 0.6] };
        g.curves.denoising_error = { ...over([0.1, 1], 'sigma', [0.5, 0.4]), ci_low: [-0.85, 0.3], ci_high: [1.85, 0.5], least: 0 };
      }
    })));
    const bar = errorRows(bounded, view(), errorLines())[0]?.panels[1]?.arms.find((a) => a.arm === 'score')?.points[0];
    expect([bar?.low, bar?.high]).toEqual([0, 1.85]);
    expect(bar?.tip).toContain('0.50 [0.00, 1.85]');
    expect(errorTable(bounded, view()).rows[0]).toContain('0.50 [0.00, 1.85]');
    const lines = modelLinesOf(bounded, 'denoising_error');
    expect(denoisingRows(bounded, view(), lines)[0]?.panels[0]?.arms[0]?.points.map((p) => p.tip)).toEqual(['0.50 [0.00, 1.85]', '0.40 [0.30, 0.50]']);
    expect(modelTable(bounded, view(), 'denoising_error', lines).rows[0]).toContain('0.50 [0.00, 1.85]');
  });
  it('have their numbers in tables', () => {
    expect(explainedTable(state, view(), explained).head.slice(3)).toEqual(['\u03c3 0.1', '\u03c3 1', '\u03c3 10']);
    expect(explainedTable(state, view(), explained, '.sigma_1').rows[0]?.slice(3)[0]).toContain('0.2');
    expect(modelTable(state, view(), 'bifurcation', modelLinesOf(state, 'bifurcation')).rows.map((r) => r[2])).toEqual(['network', 'exact', 'network']);
    expect(errorTable(state, view()).rows.length).toBe(1);
  });
  it('are drawn once for the arms and rows that share a model', () => {
    const same = new State(readReport(sample((r) => { for (const g of r.groups) g.curves.bifurcation =
      over([0.1, 1], 'sigma', [1, g.axes.width === 64 ? 0.3 : 0.4]); })));
    const rows = bifurcationRows(same, view(), modelLinesOf(same, 'bifurcation'));
    expect(rows.length).toBe(1);
    expect(rows[0]?.title).toContain('ica4, <img');
    expect(rows[0]?.panels.map((p) => p.title)).toEqual(['standardize, </script><b>']);
  });
  it('are no final metrics', () => expect(drawnMetrics(state)).toEqual(['log_likelihood', 'energy_distance']));
  it('are absent from reports without them', () => expect(new State(readReport(sample())).report.groups.some((g) => hasCurve(g, isExplained))).toBe(false));
  it('ignore places that do not fit their curve', () => {
    const odd = readReport(sample((r) => { for (const g of r.groups) g.curves['explained_score.gaussian'] = { mean: [1, 2], x: [1], x_kind: 'sigma' }; }));
    expect(odd.groups[0]?.curves['explained_score.gaussian']?.x).toBeUndefined();
  });
});
