import { EventStream, type Connection } from './events';
import type { LiveTrial, RunningCurve, Session, Silo, Sweep, Trial } from './model';
import { at } from './root';

/** What the server failed to do: read the store, read the sweep, build a complete report. */
export interface Trouble {
  about: 'store' | 'sweep' | 'report';
  message: string;
  since: number;
}

export interface Topics {
  sweeps: void;
  sweep: Sweep;
  running: void;
  live: LiveTrial;
  curves: void;
  completed: { count: number; trials: string[] };
  report: { as_of: number; etag: string };
  silos: void;
  connection: void;
  /** Events may have been missed: fetch what is shown again. */
  refetch: void;
  /** Once a second, for relative times. */
  tick: void;
}

type Listener<K extends keyof Topics> = (value: Topics[K]) => void;

/** The latest state received as server-sent events, and the state of the connection. */
export class Live {
  session: Session | null = null;
  sweeps: Sweep[] | null = null;
  silos: Silo[] | null = null;
  running: Trial[] = [];
  /** Of the first few that run, where the silos of a cluster tell them. */
  curves: ReadonlyMap<string, RunningCurve> = new Map();
  /** Why what is shown may be stale or incomplete. */
  trouble: Trouble | null = null;
  connection: Connection = { state: 'connecting' };
  /** The run and its server have ended; the command that serves it again. */
  over: { command: string | null } | null = null;
  unauthorized: () => void = () => undefined;
  /** Whether a hidden page keeps its stream: its reader is to be told what happens. */
  watchHidden = false;
  private skew = 0;
  private wanted: string | null = null;
  private wasLost = false;
  private readonly listeners = new Map<keyof Topics, Set<Listener<never>>>();
  private readonly stream = new EventStream({
    event: (name, data) => this.received(name, data as Record<string, unknown>),
    connection: (connection) => this.connected(connection),
    unauthorized: () => this.unauthorized(),
  });

  constructor() {
    setInterval(() => { if (!document.hidden) this.tell('tick', undefined); }, 1000);
    // A hidden page closes its stream, and fetches what it missed when shown again.
    let closing: ReturnType<typeof setTimeout> | null = null;
    document.addEventListener('visibilitychange', () => {
      if (closing) clearTimeout(closing);
      closing = null;
      if (document.hidden) closing = setTimeout(() => {
        if (this.watchHidden) return;
        this.wasLost = true;
        this.stream.close();
      }, 5000);
      else if (this.wanted !== null) this.stream.open(this.wanted);
    });
    window.addEventListener('online', () => this.stream.again());
  }

  /** The server's clock. */
  get now(): number {
    return Date.now() + this.skew;
  }

  /** Whether what is shown may be stale. */
  get stale(): boolean {
    return this.connection.state === 'lost' || (this.trouble !== null && this.trouble.about !== 'report');
  }

  get operator(): boolean {
    return this.session?.role === 'operator';
  }

  on<K extends keyof Topics>(topic: K, listener: Listener<K>): () => void {
    let set = this.listeners.get(topic);
    if (!set) this.listeners.set(topic, (set = new Set()));
    set.add(listener as Listener<never>);
    return () => { set.delete(listener as Listener<never>); };
  }

  began(session: Session): void {
    this.session = session;
    this.clock(session.now);
  }

  /** Subscribes to one sweep, or none, besides the list; and to one of its trials as it runs. */
  follow(sweep: string | null, trial: string | null = null): void {
    const url = at(`/api/events${sweep === null ? '' : `?sweep=${encodeURIComponent(sweep)}${trial === null ? '' : `&trial=${encodeURIComponent(trial)}`}`}`);
    if (url !== this.wanted) {
      this.running = [];
      this.curves = new Map();
    }
    this.wanted = url;
    if (!document.hidden) this.stream.open(url);
  }

  unfollow(): void {
    this.wanted = null;
    this.stream.close();
  }

  again(): void {
    this.stream.again();
  }

  /** Takes in a response as if it were an event. */
  took(change: { sweeps?: Sweep[]; silos?: Silo[]; now?: string }): void {
    if (change.now) this.clock(change.now);
    if (change.sweeps) { this.sweeps = change.sweeps; this.tell('sweeps', undefined); }
    if (change.silos) { this.silos = change.silos; this.tell('silos', undefined); }
  }

  private clock(now: string): void {
    const at = Date.parse(now);
    if (Number.isFinite(at)) this.skew = at - Date.now();
  }

  private received(name: string, data: Record<string, unknown>): void {
    switch (name) {
      case 'sweeps': this.took(data as { sweeps: Sweep[]; now: string }); break;
      case 'sweep': this.tell('sweep', data as unknown as Sweep); break;
      case 'running':
        this.running = (data.trials as Trial[] | undefined) ?? [];
        this.tell('running', undefined);
        break;
      case 'curves':
        this.curves = new Map(((data.trials as RunningCurve[] | undefined) ?? []).map((c) => [c.trial, c]));
        this.tell('curves', undefined);
        break;
      case 'live': this.tell('live', data as unknown as LiveTrial); break;
      case 'completed': this.tell('completed', data as unknown as Topics['completed']); break;
      case 'report': this.tell('report', data as unknown as Topics['report']); break;
      case 'silos': this.took(data as { silos: Silo[] }); break;
      case 'over':
        this.over = { command: typeof data.command === 'string' ? data.command : null };
        this.tell('connection', undefined);
        break;
      case 'trouble': {
        const message = typeof data.message === 'string' ? data.message : null;
        const was = this.trouble;
        const about = data.about === 'sweep' || data.about === 'report' ? data.about : 'store';
        this.trouble = message === null ? null : { about, message, since: was?.about === about ? was.since : Date.now() };
        this.tell('connection', undefined);
        if (was && !this.trouble) this.tell('refetch', undefined);
        break;
      }
    }
  }

  private connected(connection: Connection): void {
    this.connection = connection;
    if (connection.state === 'open') this.over = null;
    this.tell('connection', undefined);
    if (connection.state === 'lost') this.wasLost = true;
    if (connection.state === 'open' && this.wasLost) {
      this.wasLost = false;
      this.trouble = null;
      this.tell('refetch', undefined);
    }
  }

  private tell<K extends keyof Topics>(topic: K, value: Topics[K]): void {
    for (const listener of [...(this.listeners.get(topic) ?? [])]) (listener as Listener<K>)(value);
  }
}
