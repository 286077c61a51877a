import { describe, expect, it } from 'vitest';
import { brushText, inside, position, readBrushes, type Dimension } from '../../src/dashboard/brush';
import { contrast, inkOn, viridis } from '../../src/colors';
import { effectOf, t95 } from '../../src/dashboard/effects';
import { fold, keyOf, standardAxes } from '../../src/dashboard/fold';
import type { GridCell, OperatorRequest, Points, Sweep } from '../../src/dashboard/model';
import { PageCache, pagesOf, windowOf } from '../../src/dashboard/pages';
import { changed, filtersOf, hrefOf, pathOf, placeOf, type Place } from '../../src/dashboard/router';
import { shares } from '../../src/dashboard/parts/progress';
import { ago, clock, duration, estimate, percent, rate, remaining, requestWords, slotWords, whole } from '../../src/dashboard/words';

const cell = (key: Record<string, string>, completed: number, value: number | null, failed = 0): GridCell =>
  ({ key, total: 3, queued: 3 - completed - failed, running: 0, completed, failed, cancelled: 0, metrics: { m: value } });

describe('router', () => {
  const places: Place[] = [{ view: 'sweeps' }, { view: 'silos' }, { view: 'sweep', id: 'a/b ?#%' }, { view: 'trial', id: 'x', trial: '<y>' }];
  it.each(places)('reads back the address of $view', (place) => expect(placeOf(pathOf(place))).toEqual(place));
  it.each(places)('reads back the address of $view below a prefix', (place) => {
    expect(pathOf(place, '/lab/sweep/').startsWith('/lab/sweep/')).toBe(true);
    expect(placeOf(pathOf(place, '/lab/sweep/'), '/lab/sweep/')).toEqual(place);
  });
  it('knows its own places alone', () => expect([placeOf('/sweeps/a', '/lab/'), placeOf('/lab', '/lab/')].map((p) => p.view)).toEqual(['nowhere', 'sweeps']));
  it.each(['/sweeps/a/b', '/silos/x', '/sweeps/a/trials', '/%E0%A4%A'])('knows no place at %s', (path) => expect(placeOf(path).view).toBe('nowhere'));
  it('keeps filters with odd names through an address', () => {
    const query = changed(new URLSearchParams('tab=trials&state=failed'), { 'where.training.rate': '<b>&=?', state: null });
    const back = new URLSearchParams(hrefOf({ view: 'sweep', id: 'a' }, query).split('?')[1]);
    expect(filtersOf(back)).toEqual({ 'training.rate': '<b>&=?' });
    expect([back.get('tab'), back.has('state')]).toEqual(['trials', false]);
  });
});

describe('what operators asked', () => {
  const asked = (more: Partial<OperatorRequest>): OperatorRequest =>
    ({ verb: 'cancel', who: 'ann', asked: '', done: '', state: 'done', trials: null, silo: null, count: 0, refused: null, ...more });
  it.each([
    [asked({ count: 7 }), 'cancel: 7 trials'],
    [asked({ trials: 2, count: 1 }), 'cancel 2 trials: 1 trial'],
    [asked({ verb: 'pause', count: 1 }), 'pause: done'],
    [asked({ verb: 'pause' }), 'pause: it was so already'],
    [asked({ verb: 'unquarantine', silo: '<b>', state: 'waits', done: null }), 'unquarantine <b>: waits for a silo'],
    [asked({ state: 'refused', refused: 'no sweep' }), 'cancel: refused: no sweep'],
  ])('is a line each', (request, line) => expect(requestWords(request)).toBe(line));
});

describe('fold', () => {
  const grid = { axes: ['a', 'b', 'seed'], cells: [cell({ a: '1', b: 'x', c: 'p' }, 1, 10), cell({ a: '1', b: 'x', c: 'q' }, 3, 2),
    cell({ a: '2', b: 'x', c: 'p' }, 0, null, 2)] };
  it('adds counts up and weighs means by completed trials', () => {
    const f = fold(grid, 'a', 'b').get(keyOf('1', 'x'));
    expect([f?.groups, f?.total, f?.completed, f?.metrics.m]).toEqual([2, 6, 4, 4]);
    expect(fold(grid, 'a', 'b').get(keyOf('2', 'x'))?.metrics.m).toBeUndefined();
  });
  it('filters by the axes that are not shown, and only by those', () => {
    expect(fold(grid, 'a', 'b', { c: 'q', a: '2' }).get(keyOf('1', 'x'))?.completed).toBe(3);
  });
  it('loses no trial', () => {
    for (const [x, y] of [['a', 'b'], ['', 'c'], ['c', 'a']] as const) expect([...fold(grid, x, y).values()].reduce((n, f) => n + f.total, 0)).toBe(9);
  });
  it('begins with the compared axis downwards', () => {
    const axes = [{ name: 'dataset', values: [1, 2, 3] }, { name: 'arm', values: [1, 2] }, { name: 'one', values: [1] }];
    expect(standardAxes(axes, 'arm')).toEqual({ x: 'dataset', y: 'arm' });
    expect(standardAxes([{ name: 'one', values: [1] }], null)).toEqual({ x: '', y: 'one' });
  });
});

describe('effectOf', () => {
  // value = 10 (axis a) + seed, and axis b adds 100 to "y"; the combination (a 2, b y) is missing for seed 1.
  const rows: Points['rows'] = [];
  for (const seed of [0, 1]) for (const a of ['1', '2']) for (const b of ['x', 'y']) if (!(seed === 1 && a === '2' && b === 'y')) rows.push(
    [a, b, seed, 10 * Number(a) + seed + (b === 'y' ? 100 : 0)]);
  const points: Points = { axes: ['a', 'b'], metrics: ['m'], total: rows.length, sampled: false, rows };
  it('compares like with like: incomplete combinations do not count', () => {
    const e = effectOf(points, 'a', ['1', '2'], 'm');
    expect([e.balanced, e.blocks, e.allBlocks]).toEqual([true, 3, 4]);
    expect((e.levels[1]?.mean ?? 0) - (e.levels[0]?.mean ?? 0)).toBeCloseTo(10, 10);
  });
  it('gives Student’s interval over seeds', () => {
    const two: Points = { ...points, rows: [['1', 'x', 0, 1], ['1', 'x', 1, 3]] };
    const level = effectOf(two, 'a', ['1', '2'], 'm').levels[0];
    expect([level?.mean, level?.low, level?.high].map((v) => Number((v ?? NaN).toFixed(3)))).toEqual([2, 2 - 12.706, 2 + 12.706]);
  });
  it('leaves values out that were not measured', () => expect(effectOf({ ...points, rows: [['1', 'x', 0, null]] }, 'a', ['1'], 'm').levels[0]?.mean)
    .toBeNull());
  it('has the normal’s quantile for many seeds', () => expect([t95(1), t95(9), t95(0)].map((v) => v.toFixed(3))).toEqual(['12.706', '2.262', '12.706']));
});

describe('brushes', () => {
  const dimensions: Dimension[] = [{ name: 'w:idth', label: '', at: 0, words: ['8', '16', '32'] }, { name: 'm', label: '', at: 2, words: null }];
  it('come back from the address', () => {
    const brushes = { 'w:idth': { low: 0.6, high: 2 }, m: { low: -3.25, high: 1e-4 } };
    expect(readBrushes(brushText(brushes), dimensions.map((d) => d.name))).toEqual(brushes);
  });
  it.each(['m:1', 'm:a:2', 'm:3:2', '%:1:2', 'other:1:2', ';;', 'm::'])(
    'pass over what makes no sense: %s', (text) => expect(readBrushes(text, ['m'])).toEqual({}));
  it('hold rows within all of them', () => {
    expect(inside(['16', 0, 2], dimensions, { 'w:idth': { low: 0.6, high: 1.2 }, m: { low: 1, high: 3 } })).toBe(true);
    expect(inside(['16', 0, null], dimensions, { m: { low: 1, high: 3 } })).toBe(false);
    expect(position(dimensions[0] as Dimension, ['64', 0, 1])).toBeNull();
  });
});

describe('pages', () => {
  it('cover what is seen and no more than there is', () => {
    expect(windowOf(0, 360, 36, 100_000)).toEqual({ first: 0, last: 18 });
    expect(windowOf(99_990 * 36, 360, 36, 100_000)).toEqual({ first: 99_982, last: 100_000 });
    expect(pagesOf(95, 205, 100)).toEqual([0, 1, 2]);
    expect(pagesOf(100, 100, 100)).toEqual([]);
  });
  it('forget the least lately used', () => {
    const cache = new PageCache<number>(2, 3);
    for (const page of [0, 1, 2]) cache.put(page, [page * 2, page * 2 + 1]);
    cache.touch(0);
    cache.put(3, [6, 7]);
    expect([cache.count, cache.row(1), cache.row(2), cache.row(7)]).toEqual([3, 1, undefined, 7]);
  });
});

describe('words', () => {
  it('count trials that a silo has taken ahead as waiting', () =>
    expect([slotWords(1, 2), slotWords(3, 2)]).toEqual(['1 of 2 slots in use', '2 of 2 slots in use, 1 waiting']));
  it.each([[0.4, '1 s'], [59, '59 s'], [60, '1 min'], [3600, '1 h'], [5400, '1 h 30 min'], [90_000, '1 d 1 h'], [-1, '–'], [NaN, '–']])(
    '%f s is %s', (s, text) => expect(duration(s)).toBe(text));
  it.each([[null, 'not known yet'], [4, 'a few seconds'], [42, 'about 40 s'], [70, 'about a minute'], [130, 'about 2 min'], [1500, 'about 25 min'],
    [7000, 'about 2 h'], [100_000, 'about 1 d 4 h']] as const)('an estimate of %s s is %s', (s, text) => expect(estimate(s)).toBe(text));
  it('says 100 % only of what is done, and 0 only of nothing', () => expect([0, 0.001, 0.5, 0.9999, 1].map(percent))
    .toEqual(['0 %', '< 1 %', '50 %', '99 %', '100 %']));
  it('tells what is left by the state', () => {
    const s = { state: 'paused', running: 2, eta_seconds: 50, waits: null } as Sweep;
    expect([remaining(s), remaining({ ...s, state: 'running' }), remaining({ ...s, state: 'waiting', eta_seconds: null }), remaining({ ...s, state: 'done' })])
      .toEqual(['paused; 2 trials still running', 'about 50 s', 'waiting for a worker', 'finished']);
    const waits = '2 queued trials need TorchSharp';
    expect([remaining({ ...s, state: 'running', waits }), remaining({ ...s, state: 'waiting', waits })]).toEqual(['about 50 s', 'waiting for another worker']);
  });
  it('writes rates in the unit that suits them', () => expect([null, 0, 0.5, 4.26, 75, 6000].map(rate))
    .toEqual(['–', '–', '30 trials/h', '4.3 trials/min', '75 trials/min', '100 trials/s']));
  it('groups digits', () => expect(whole(1234567)).toBe('1\u202f234\u202f567'));
  it('gives the date with the time of another day', () => {
    const now = new Date(2026, 0, 2, 12, 0, 0).getTime();
    expect([clock(new Date(2026, 0, 2, 9, 5).getTime(), now), clock(new Date(2026, 0, 1, 9, 5).getTime(), now), clock(NaN, now)])
      .toEqual(['09:05', '2026-01-01 09:05', '–']);
    expect([ago(new Date(now - 3000).toISOString(), now), ago(new Date(now - 130_000).toISOString(), now), ago(null, now)])
      .toEqual(['just now', '2 min ago', '–']);
  });
});

describe('colours', () => {
  it('are written on in black or white, whichever can be read', () => {
    for (let i = 0; i <= 100; i++) expect(contrast(viridis(i / 100), inkOn(viridis(i / 100)))).toBeGreaterThan(4.5);
  });
});

describe('a bar', () => {
  const counts = { total: 100, queued: 40, running: 10, completed: 30, failed: 20, cancelled: 0 };
  it('is as long as the work that is done, in the shares of how trials ended', () => expect(shares(counts, 0.8))
    .toEqual({ completed: 48, failed: 32, cancelled: 0, running: 10 }));
  it('shows what is under way before anything has ended', () => expect(shares({ ...counts, completed: 0, failed: 0, queued: 90 }, 0.25))
    .toEqual({ completed: 0, failed: 0, cancelled: 0, running: 25 }));
  it('is full when all is done', () => expect(shares({ ...counts, queued: 0, running: 0, completed: 75, failed: 25 }, 1))
    .toEqual({ completed: 75, failed: 25, cancelled: 0, running: 0 }));
  it('never overflows', () => expect(shares({ ...counts, running: 50 }, 0.9).running).toBeCloseTo(10));
  it('of nothing is empty', () => expect(shares({ total: 0, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0 }, 0).completed).toBe(0));
});
