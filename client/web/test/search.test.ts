import { describe, expect, it } from 'vitest';
import { alongRanges } from '../src/figures/search';
import { rolesOf } from '../src/model/axes';
import { readReport } from '../src/model/read';
import { searchWords } from '../src/model/search';
import { State } from '../src/state';

const group = (id: string, preprocessing: string, rate: number): object =>
  ({
    axes: { dataset: 'ring', preprocessing, 'training.learning_rate': rate }, seeds: [0], trial_ids: [id], metrics: { energy_distance: { mean: rate * 2 } },
    curves: {}, notes: [],
  });

const report = (search: object | undefined): string => JSON.stringify({
  version: 2, search, sweep: { axes: [{ name: 'dataset', values: ['ring'] }, { name: 'preprocessing', values: ['none', 'ica'] },
    { name: 'training.learning_rate', values: [0.1, 0.2, 0.3], range: { from: 0.1, to: 0.3, scale: 'linear' } }],
  compare: { axis: 'preprocessing', baseline: 'none', metric: 'energy_distance' } },
  groups: [group('a', 'none', 0.1), group('b', 'none', 0.2), group('c', 'ica', 0.3)],
});

describe('a search', () => {
  it('shows the setting of each arm that it names, and no panels of its ranges', () => {
    const read = readReport(report({ method: 'sobol', groups: 3, seed: 0, shown: ['b', 'c'] }));
    expect(read.groups.map((g) => g.trial_ids)).toEqual([['b'], ['c']]);
    expect(read.settings).toHaveLength(3);
    expect(rolesOf(read)).toEqual({ arm: 'preprocessing', row: 'dataset', column: null, mapped: null, selectors: [] });
    expect(new State(read).chosenWords).toBe('the best setting of each data set and arm by energy distance');
    expect(searchWords(read.search!)).toContain('A search over 3 settings of a scrambled Sobol sequence (seed 0)');
  });

  it('draws every setting along its ranges, by arm', () => {
    const state = new State(readReport(report({ method: 'sobol', groups: 3, seed: 0, shown: ['b', 'c'] })));
    const [row] = alongRanges(state, ['training.learning_rate'], state.metric('energy_distance'));
    expect(row?.panels.map((p) => p.title)).toEqual(['ring']);
    expect(row?.panels[0]?.arms.map((a) => a.points.map((p) => [p.x, p.y]))).toEqual([[[0.1, 0.2], [0.2, 0.4]], [[0.3, 0.6]]]);
  });

  it('is no grid, whose groups all have their place', () => {
    const read = readReport(report(undefined));
    expect(read.groups).toHaveLength(3);
    expect(read.search).toBeNull();
    expect(rolesOf(read).column).toBe('training.learning_rate');
  });
});
