import { describe, expect, it } from 'vitest';
import { bestSoFar, tried } from '../src/figures/tuning';
import { readReport } from '../src/model/read';
import { hasTuning, placeOf, scoreWords, triedTable, tuningTable, tuningWords } from '../src/model/tuning';
import { State } from '../src/state';
import { sample } from './sample';

const rates = [0.001, 0.1, 0.01];
const arm = (preprocessing: string, width: number, scores: (number | null)[], choice: number | null): object => ({
  axes: { preprocessing, width }, repeat: 1, choice, edge: choice === 1 ? ['training.learning_rate: the least tried'] : [],
  chosen_score: choice === null ? null : scores[choice - 1], confirmed: choice === null ? null : 0.5, confirmed_low: 0.4, confirmed_high: 0.6, trials: 6,
  without_score: scores.filter((s) => s === null).length, training_steps: 6000, train_seconds: 1.5, sample_seconds: 1,
  tried: scores.map((score, i) => ({ values: { 'training.learning_rate': rates[i] }, score, done: 2, failed: score === null ? 1 : 0,
    best_so_far: scores.slice(0, i + 1).reduce<number | null>((b, s) => (s === null ? b : b === null ? s : Math.min(b, s)), null) })),
});

const report = (more: object = {}): string => sample((r) => {
  const [first, second] = (r.sweep as { axes: { name: string; values: string[] }[] }).axes.find((a) => a.name === 'preprocessing')!.values;
  r.tuning = { over: ['training.learning_rate'], per: ['preprocessing', 'width'], method: 'sobol', settings: 3, seed: 0, seeds: [100, 101], repeats: 1,
    metric: 'energy_distance', better: 'lower', chosen: true,
    arms: [arm(first!, 8, [0.9, 0.3, 0.7], 2), arm(second!, 8, [0.2, null, 0.4], 1), arm(first!, 16, [0.5, 0.6, 0.1], 3)], ...more };
});

describe('tuned arms', () => {
  const state = new State(readReport(report()));
  const { report: read } = state;
  if (!hasTuning(read)) throw new Error('the report has no tuning');
  const { tuning } = read;

  it('are drawn by place, with what each tried, the best so far and what confirmed it', () => {
    const row = bestSoFar(state, tuning);
    expect(row.panels.map((p) => p.title)).toEqual(['width 8', 'width 16']);
    const [first] = row.panels;
    expect(first?.arms.map((a) => a.points.map((p) => p.y))).toEqual([[0.9, 0.3, 0.3], [0.5], [0.2, 0.2, 0.2], [0.5]]);
    expect(first?.arms[2]?.dots?.map((d) => [d.x, d.y])).toEqual([[1, 0.2], [3, 0.4]]);
    expect(first?.x.ticks?.map((t) => t.label)).toEqual(['1', '2', '3', 'confirmed']);
    expect(first?.arms[1]?.points[0]).toMatchObject({ low: 0.4, high: 0.6 });
    expect(first?.arms[0]?.points[1]?.tip).toContain('(chosen)');
  });

  it('are drawn against what was tuned, the chosen one marked', () => {
    const [row] = tried(state, tuning);
    expect(row?.panels[0]?.x.scale.kind).toBe('log');
    expect(row?.panels[0]?.arms[0]?.dots?.map((d) => d.x)).toEqual([0.001, 0.01, 0.1]);
    expect(row?.panels[0]?.arms[0]?.points.map((p) => [p.x, p.y])).toEqual([[0.1, 0.3]]);
  });

  it('have a table of choices and one of everything that was tried', () => {
    expect(tuningTable(tuning).rows[1]?.slice(1)).toEqual(['8', '0.001', 'training.learning_rate: the least tried', '0.200', '0.500', '0.400 to 0.600', '6',
      '1', '6000', '1.50']);
    expect(triedTable(tuning).rows[4]?.slice(2)).toEqual(['2', '0.1', '1 trial failed', '0.200', '']);
    expect(triedTable(tuning).rows).toHaveLength(9);
    expect(placeOf(read, tuning, tuning.arms[2]!)).toBe('width 16');
  });

  it('say what pairs share, and what seeds are', () => {
    expect(tuningWords(state, tuning)).toContain('Pairs share seed and data, not settings. One tuning is one replicate');
    const repeated = new State(readReport(report({ repeats: 2 })));
    expect(tuningWords(repeated, repeated.report.tuning!)).toContain('Each of the 2 seeds confirms a tuning of its own');
    expect(scoreWords(state, tuning)).toBe('energy distance');
  });

  it('may have chosen nothing yet', () => {
    const before = new State(readReport(report({ chosen: false, arms: [arm('none', 8, [null, null, null], null)] })));
    const row = bestSoFar(before, before.report.tuning!);
    expect(row.panels[0]?.note).toBe('no score yet');
    expect(tuningTable(before.report.tuning!).rows[0]?.[2]).toBe('not yet');
  });

  it('are none in other reports', () => {
    expect(hasTuning(readReport(sample()))).toBe(false);
  });
});
