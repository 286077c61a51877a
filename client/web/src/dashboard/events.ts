/**
 * Reads a stream of server-sent events piece by piece (WHATWG HTML, "Interpreting an event stream").
 * The browser's EventSource hides the response status and the comments that keep the connection alive, hence our own.
 */
export function eventParser(emit: (event: string, data: string) => void, retry: (milliseconds: number) => void = () => undefined): (piece: string) => void {
  let rest = '';
  let name = '';
  let data: string[] = [];
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) emit(name || 'message', data.join('\n'));
      name = '';
      data = [];
      return;
    }
    if (text.startsWith(':')) return;
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
    else if (field === 'retry' && /^\d+$/.test(value)) retry(Number(value));
  };
  return (piece) => {
    rest += piece;
    // A trailing carriage return may be half of a line break.
    const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + (whole.length < rest.length ? '\r' : '');
    for (const text of lines) line(text);
  };
}

export type Connection = { state: 'connecting' } | { state: 'open' } | { state: 'lost'; since: number; why: string; next: number };

export interface StreamHandlers {
  event: (name: string, data: unknown) => void;
  connection: (connection: Connection) => void;
  /** Not authenticated. The stream stays closed until opened again. */
  unauthorized: () => void;
}

/** The server sends at least a comment every ten seconds: this much silence means a lost connection. */
const silence = 25_000;
const longest = 30_000;

/** Delay before reconnecting: doubles up to half a minute, and is never below the server's retry interval. */
export const backoff = (tries: number, base: number): number => Math.min(longest, base * 2 ** Math.min(10, Math.max(0, tries - 1)));

/** An event stream that reconnects when lost. Hidden pages close theirs: browsers allow only six connections per host. */
export class EventStream {
  private url: string | null = null;
  private abort: AbortController | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private watchdog: ReturnType<typeof setTimeout> | null = null;
  private tries = 0;
  private base = 2000;
  private lostSince: number | null = null;

  constructor(private readonly handlers: StreamHandlers) {}

  open(url: string): void {
    if (this.url === url && this.abort) return;
    this.close();
    this.url = url;
    void this.connect();
  }

  close(): void {
    this.url = null;
    this.stop();
  }

  /** Reconnects now instead of after the delay. */
  again(): void {
    if (this.url === null || (this.abort && !this.retry)) return;
    this.stop();
    void this.connect();
  }

  private stop(): void {
    if (this.retry) clearTimeout(this.retry);
    if (this.watchdog) clearTimeout(this.watchdog);
    this.retry = this.watchdog = null;
    this.abort?.abort();
    this.abort = null;
  }

  private async connect(): Promise<void> {
    const url = this.url;
    if (url === null) return;
    const abort = (this.abort = new AbortController());
    let silent = false;
    const alive = (): void => {
      if (this.watchdog) clearTimeout(this.watchdog);
      this.watchdog = setTimeout(() => { silent = true; abort.abort(); }, silence);
    };
    if (this.lostSince === null) this.handlers.connection({ state: 'connecting' });
    let why = 'the server ended the connection';
    try {
      alive();
      const response = await fetch(url, { headers: { Accept: 'text/event-stream' }, credentials: 'same-origin', cache: 'no-store', signal: abort.signal });
      if (this.abort !== abort) return;
      if (response.status === 401) {
        this.stop();
        this.handlers.unauthorized();
        return;
      }
      if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
      this.tries = 0;
      this.lostSince = null;
      this.handlers.connection({ state: 'open' });
      const feed = eventParser((name, data) => {
        // The page may have switched streams meanwhile.
        if (this.abort === abort) this.handlers.event(name, JSON.parse(data));
      }, (milliseconds) => { this.base = Math.min(longest, Math.max(500, milliseconds)); });
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.abort !== abort) break;
        alive();
        feed(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      why = silent ? 'no data for 25 seconds' : error instanceof TypeError ? 'the server doesn’t answer' : error instanceof Error ? error.message
        : String(error);
    }
    if (this.abort !== abort) return;
    this.lost(why);
  }

  private lost(why: string): void {
    if (this.watchdog) clearTimeout(this.watchdog);
    this.lostSince ??= Date.now();
    const wait = backoff(++this.tries, this.base);
    this.handlers.connection({ state: 'lost', since: this.lostSince, why, next: Date.now() + wait });
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.connect();
    }, wait);
  }
}
