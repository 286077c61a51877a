import { afterEach, describe, expect, it, vi } from 'vitest';
import { backoff, EventStream, eventParser, type Connection } from '../../src/dashboard/events';

function heard(pieces: string[]): [string, string][] {
  const out: [string, string][] = [];
  const feed = eventParser((name, data) => out.push([name, data]));
  for (const piece of pieces) feed(piece);
  return out;
}

describe('eventParser', () => {
  const text = 'retry: 2000\n\n: alive\n\nevent: sweeps\ndata: {"a":1}\n\ndata: one\ndata: two\n\nevent: no data\n\n';

  it('reads names, data of several lines, and passes over comments and events without data', () => {
    expect(heard([text])).toEqual([['sweeps', '{"a":1}'], ['message', 'one\ntwo']]);
  });

  it('reads the same however the stream is cut', () => {
    for (const ends of ['\n', '\r\n', '\r']) {
      const whole = text.replace(/\n/g, ends);
      for (let cut = 1; cut < whole.length; cut++) expect(heard([whole.slice(0, cut), whole.slice(cut), ends === '\r' ? '\n' : '']),
        `${JSON.stringify(ends)} at ${cut}`).toEqual(heard([text]));
    }
  });

  it('tells how long to wait before connecting again', () => {
    const waits: number[] = [];
    eventParser(() => undefined, (ms) => waits.push(ms))('retry: 2000\nretry: soon\n\n');
    expect(waits).toEqual([2000]);
  });
});

describe('backoff', () => {
  it('doubles up to half a minute', () => expect([1, 2, 3, 9].map((n) => backoff(n, 2000))).toEqual([2000, 4000, 8000, 30_000]));
});

describe('EventStream', () => {
  afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

  function server(answers: (() => Promise<Response>)[]): { stream: EventStream; said: Connection[]; events: [string, unknown][]; refused: () => number;
  asked: () => number } {
    vi.useFakeTimers();
    const said: Connection[] = [];
    const events: [string, unknown][] = [];
    let refused = 0;
    let asked = 0;
    vi.stubGlobal('fetch', () => { const next = answers[Math.min(asked, answers.length - 1)] as () => Promise<Response>; asked++; return next(); });
    const stream = new EventStream({ event: (n, d) => events.push([n, d]), connection: (c) => said.push(c), unauthorized: () => refused++ });
    return { stream, said, events, refused: () => refused, asked: () => asked };
  }
  const streaming = (text: string, end = true) => async (): Promise<Response> =>
    new Response(new ReadableStream({ start: (c) => { c.enqueue(new TextEncoder().encode(text)); if (end) c.close(); } }));

  it('connects again after the server has gone, and says since when it is lost', async () => {
    const s = server([() => Promise.reject(new TypeError('refused')), () => Promise.reject(new TypeError('refused')),
      streaming('event: sweep\ndata: 7\n\n', false)]);
    s.stream.open('/api/events');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(s.said.map((c) => c.state)).toEqual(['connecting', 'lost', 'lost', 'open']);
    const [first, second] = s.said.filter((c) => c.state === 'lost');
    expect(first?.since).toBe(second?.since);
    expect(s.events).toEqual([['sweep', 7]]);
    s.stream.close();
  });

  it('takes long silence for a lost connection', async () => {
    const s = server([() => new Promise(() => undefined)]);
    s.stream.open('/api/events');
    await vi.advanceTimersByTimeAsync(24_000);
    expect(s.said.map((c) => c.state)).toEqual(['connecting']);
  });

  it('stays closed when a token is wanted', async () => {
    const s = server([async () => new Response('', { status: 401 })]);
    s.stream.open('/api/events');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([s.refused(), s.asked()]).toEqual([1, 1]);
  });

  it('keeps trying while the server is overloaded', async () => {
    const s = server([async () => new Response('', { status: 503 })]);
    s.stream.open('/api/events');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(s.asked()).toBe(4);
    s.stream.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(s.asked()).toBe(4);
  });
});
