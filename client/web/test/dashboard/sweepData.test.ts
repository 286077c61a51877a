import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/dashboard/context';
import type { Sweep } from '../../src/dashboard/model';
import { SweepData } from '../../src/dashboard/sweepData';

/** A sweep's data whose server answers when it is told to, and whose events are told by hand. */
function followed() {
  const answers = new Map<string, (value: unknown) => void>();
  const listeners = new Map<string, (value: unknown) => void>();
  const context = {
    api: { get: (url: string) => new Promise((answer) => { answers.set(url, answer); }), text: () => new Promise(() => undefined) },
    live: { on: (topic: string, listener: (value: unknown) => void) => { listeners.set(topic, listener); return () => undefined; }, follow: () => undefined,
      sweeps: null },
  } as unknown as Context;
  const data = new SweepData(context, 'a');
  data.detail.use(() => undefined);
  const sweep = (completed: number, running: number) => ({ id: 'a', state: 'running', total: 24, completed, running, failed: 0, cancelled: 0, queued: 0,
    metrics: [] }) as unknown as Sweep;
  const answer = async (completed: number, running: number) => {
    answers.get('/api/sweeps/a')?.(sweep(completed, running));
    answers.get('/api/sweeps/a/trials?state=completed&take=1')?.({ total: 0, trials: [] });
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { data, answer, event: (completed: number, running: number) => listeners.get('sweep')?.(sweep(completed, running)) };
}

describe('a sweep that is followed', () => {
  it('begins with the answer, before there is an event', async () => {
    const { data, answer } = followed();
    await answer(23, 1);
    expect(data.latest?.completed).toBe(23);
  });

  it('stays as the last event said, when an answer comes that was asked for before', async () => {
    const { data, answer, event } = followed();
    event(24, 0);
    await answer(23, 1);
    expect([data.latest?.completed, data.latest?.running]).toEqual([24, 0]);
  });
});
