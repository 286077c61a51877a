import { describe, expect, it } from 'vitest';
import { bestOf, highestFirst } from '../../src/dashboard/best';
import { choiceKey, choiceOf, chosenKeys, differing, flattened, mostChosen, toggled } from '../../src/dashboard/chosen';
import type { GridCell } from '../../src/dashboard/model';
import { linesRow } from '../../src/dashboard/lines';
import { narrowed, sortedGroups } from '../../src/dashboard/parts/tableRows';

const axis = (name: string, ...labels: string[]) => ({ name, values: labels.map((label) => ({ label, value: label })) });
const axes = [axis('dataset', 'a:b,c', '<i>'), axis('schedule', 'vp'), axis('width', '8', '16')];

describe('what is chosen to be compared', () => {
  it('comes back out of an address, however its labels are spelt', () => {
    const choice = { kind: 'group' as const, axes: { dataset: 'a:b,c', width: '16' } };
    const key = choiceKey(choice, axes);
    expect(choiceOf(key, axes)).toEqual(choice);
    expect(chosenKeys(new URLSearchParams(new URLSearchParams({ pick: `${key},0af3,${key}` }).toString()), axes)).toEqual([key, '0af3']);
  });
  it.each([':nowhere:8', ':%3Ci%3E', ':%E0%A4%A:8', '<b>', '', ':'])('is nothing by %s', (key) => expect(choiceOf(key, axes)).toBeNull());
  it('is the one group of a sweep that varies nothing', () => expect(choiceOf(choiceKey({ kind: 'group', axes: {} }, []), []))
    .toEqual({ kind: 'group', axes: {} }));
  it('is no more than there are colours', () => {
    const full = Array.from({ length: mostChosen }, (_, i) => `a${i}`);
    expect(toggled(full, 'b')).toBe(full.join());
    expect(toggled(full, 'a0')).toBe(full.slice(1).join());
    expect(toggled(['a0'], 'a0')).toBeNull();
    expect(chosenKeys(new URLSearchParams({ pick: [...full, 'b'].join() }), axes)).toEqual(full);
  });
  it('differs by what its settings say, down to each', () => {
    const columns = [{ network: { width: 8, shape: [1, 2] }, none: null }, { network: { width: 16, shape: [1, 2] } }].map((v) => flattened(v));
    expect(differing(columns)).toEqual([['network.width', ['8', '16']], ['none', ['–', '–']]].slice(0, 1));
    expect([...flattened({ a: [{ b: 1 }] })]).toEqual([['a.0.b', '1']]);
  });
});

describe('the best of a metric', () => {
  const values = (...v: (number | null)[]) => v.map((value) => ({ value, truth: -2 }));
  it.each([
    ['higher', [1, 3, null], 1], ['lower', [1, 3, null], 0], ['truth_level', [-2.5, -1.9, -9], 1], ['higher', [3, 3], null], ['higher', [null], null],
    ['unknown', [1, 2], null],
  ] as const)('that is better when %s of %j is %s', (better, list, best) => expect(bestOf({ better }, values(...list))).toBe(best));
  it('needs a truth level where that is what counts', () => expect(bestOf({ better: 'truth_level' }, [{ value: 1, truth: null }])).toBeNull());
  it.each([['log_likelihood', 'truth_level', true], ['log_likelihood_gap', 'truth_level', false], ['mode_coverage', 'higher', true],
    ['energy_distance', 'lower', false]] as const)('%s comes first from above: %s', (name, better, is) => expect(highestFirst({ name, better })).toBe(is));
});

describe('the table of groups', () => {
  const cell = (width: string, completed: number, m: number | null): GridCell =>
    ({ key: { dataset: '<i>', width }, total: 3, queued: 0, running: 0, completed, failed: 3 - completed, cancelled: 0, metrics: { m } });
  const cells = [cell('16', 3, null), cell('8', 2, 5), cell('16', 1, 7)];
  const order = (sort: string | null, descending = false, where = {}): number[] => sortedGroups(cells, axes, where, sort, descending)
    .map((c) => cells.indexOf(c));
  it('is sorted by one column, what has no value last either way', () => {
    expect([order(null), order('m'), order('m', true)]).toEqual([[0, 1, 2], [1, 2, 0], [2, 1, 0]]);
    expect([order('where.width'), order('completed'), order('failed')]).toEqual([[1, 0, 2], [2, 1, 0], [0, 1, 2]]);
  });
  it('keeps the filters that concern it', () => expect(order(null, false, { width: '16', seed: '2' })).toEqual([0, 2]));
  it('has on a narrow screen the compared metric first, and spares the rest', () => {
    const columns = ['pick', 'id', 'state', 'where.width', 'seed', 'm', 'n', 'message'].map((key) => ({ key, name: key, width: '1px', fill: () => undefined }));
    expect(narrowed(columns, 'm').map((c) => (('spare' in c) ? `(${c.key})` : c.key)))
      .toEqual(['pick', 'm', 'where.width', 'seed', 'state', 'id', '(n)', '(message)']);
  });
});

describe('curves over each other', () => {
  const line = (name: string, truth: number | null, low?: number[]) => ({ name, style: 0, x: [0, 1], y: [-5, null], low, high: low?.map((v) => v + 2), truth });
  const picture = { title: 'T', x: 'step', y: 'Y', unit: 'nats', caption: '' };
  it('are drawn as the gap to their own truth level, the ends of an interval changing places', () => {
    const row = linesRow({ ...picture, gap: true, lines: [line('a', -2, [-6, -6]), line('b', -4), line('c', null)] });
    expect(row.panels[0]?.arms.map((a) => [a.arm, a.points[0]?.y, a.points[0]?.low, a.points[0]?.high])).toEqual([['a', 3, 2, 4],
      ['b', 1, undefined, undefined]]);
    expect(row.panels[0]?.rulers[0]?.label).toBe('truth level');
  });
  it('are drawn as they are where nothing is neared', () => {
    const row = linesRow({ ...picture, gap: false, lines: [line('a', null)] });
    expect(row.panels[0]?.arms[0]?.points.map((p) => p.y)).toEqual([-5, null]);
    expect(row.panels[0]?.rulers).toEqual([]);
  });
});
