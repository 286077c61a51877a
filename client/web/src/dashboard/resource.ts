import { aborted, words } from './api';
import { throttled } from './patch';

/** Data of the server, fetched while shown, and fetched again, at a limited rate, when it may have changed. */
export class Resource<T> {
  value: T | null = null;
  /** Why the last request failed; the previous value is kept. */
  error: string | null = null;
  loaded = false;
  private readonly listeners = new Set<() => void>();
  private readonly abort = new AbortController();
  private loading = false;
  private again = false;
  private readonly soon: { (): void; cancel: () => void };

  /**
   * @param load Fetches the data; null means "nothing yet".
   * @param interval Minimum milliseconds between automatic requests.
   */
  constructor(private readonly load: (signal: AbortSignal) => Promise<T | null>, interval: number) {
    this.soon = throttled(interval, () => void this.ask());
  }

  /** Subscribes; the first subscriber triggers a fetch. @returns a function that unsubscribes. */
  use(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.loaded || this.missed) void this.ask();
    return () => { this.listeners.delete(listener); };
  }

  private missed = false;

  /** Marks the data as stale: fetched again soon if subscribed to, otherwise on the next subscription. */
  stale(): void {
    if (this.listeners.size > 0) this.soon();
    else this.missed = true;
  }

  async ask(): Promise<void> {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    this.missed = false;
    try {
      const value = await this.load(this.abort.signal);
      if (value !== null) this.value = value;
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (aborted(error) || this.abort.signal.aborted) return;
      this.error = words(error);
      this.loaded = true;
    } finally {
      this.loading = false;
    }
    for (const listener of [...this.listeners]) listener();
    if (this.again) {
      this.again = false;
      this.soon();
    }
  }

  dispose(): void {
    this.abort.abort();
    this.soon.cancel();
    this.listeners.clear();
  }
}
