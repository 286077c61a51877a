import { describe, expect, it } from 'vitest';
import type { Sweep } from '../../src/dashboard/model';
import { tellings } from '../../src/dashboard/notify';
import { found, targetsAt } from '../../src/dashboard/palette';

const sweep = (name: string, more: Partial<Sweep> = {}): Sweep =>
  ({ id: `${name}id`, name, state: 'running', submitted: '2026-01-01T00:00:00Z', fraction: 0, trials_per_minute: null, eta_seconds: null, total: 8, queued: 4,
    running: 1, completed: 3, failed: 0, cancelled: 0, ...more });

describe('the palette', () => {
  const targets = targetsAt([sweep('widths'), sweep('digits')], [{ name: 'Trials', href: '/sweeps/a?tab=trials' }, { name: 'Spec', href: '/x' }]);

  it('begins with the tabs, then has the sweeps and the pages', () => {
    expect(found(targets, '').map((t) => t.label)).toEqual(['Trials', 'Spec', 'widths', 'digits', 'All sweeps', 'Silos']);
  });

  it('finds every word anywhere, what begins with it first', () => {
    expect(found(targets, 'di').map((t) => t.label)).toEqual(['digits']);
    expect(found(targets, 's').map((t) => t.label)[0]).toBe('Spec');
    expect(found(targets, 'tab tri').map((t) => t.label)).toEqual(['Trials']);
    expect(found(targets, 'nothing')).toEqual([]);
  });
});

describe('what is told', () => {
  it('is the end of a sweep that was seen before it, with its answer where there is one', () => {
    expect(tellings([sweep('a')], [sweep('a', { state: 'done', completed: 8, answer: 'b wins.' })]))
      .toEqual([{ id: 'aid', title: 'a is done', text: 'b wins.' }]);
    expect(tellings([sweep('a', { failed: 2 })], [sweep('a', { state: 'failed', completed: 6, failed: 2 })]))
      .toEqual([{ id: 'aid', title: 'a is done, 2 failed', text: '6 of 8 trials completed.' }]);
    expect(tellings([sweep('a')], [sweep('a', { state: 'cancelled' })])[0]?.title).toBe('a is cancelled');
  });

  it('is the first failure, once', () => {
    expect(tellings([sweep('a')], [sweep('a', { failed: 1 })])[0]?.title).toBe('a: 1 trial failed');
    expect(tellings([sweep('a', { failed: 1 })], [sweep('a', { failed: 2 })])).toEqual([]);
  });

  it('is nothing of what had ended when the page came, and nothing twice', () => {
    const done = sweep('a', { state: 'done', completed: 8 });
    expect(tellings(null, [done])).toEqual([]);
    expect(tellings([], [done])).toEqual([]);
    expect(tellings([done], [done])).toEqual([]);
  });
});
