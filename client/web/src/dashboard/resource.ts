import { aborted, words } from './api';
import { throttled } from './patch';

/** Something the server has, asked for while someone shows it, and asked for again, not too often, when it may have changed. */
export class Resource<T> {
  value: T | null = null;
  /** Why the last request failed; what came before it stays. */
  error: string | null = null;
  loaded = false;
  private readonly listeners = new Set<() => void>();
  private readonly abort = new AbortController();
  private loading = false;
  private again = false;
  private readonly soon: { (): void; cancel: () => void };

  /**
   * @param load Asks; null stands for "nothing yet".
   * @param interval Least milliseconds between two requests that were not asked for by the reader.
   */
  constructor(private readonly load: (signal: AbortSignal) => Promise<T | null>, interval: number) {
    this.soon = throttled(interval, () => void this.ask());
  }

  /** Listens from now on; the first listener makes it ask. @returns what ends that. */
  use(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.loaded || this.missed) void this.ask();
    return () => { this.listeners.delete(listener); };
  }

  private missed = false;

  /** What it shows may be old. Asks again soon if anyone looks, else when someone does. */
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
