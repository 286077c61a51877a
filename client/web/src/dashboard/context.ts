import type { Api } from './api';
import type { Live } from './live';
import type { Router } from './router';
import type { Dialogs } from './parts/dialog';

/** What every view has access to. */
export interface Context {
  api: Api;
  live: Live;
  router: Router;
  dialogs: Dialogs;
  /** Shows a transient message, announced to screen readers. */
  say: (text: string, kind?: 'good' | 'bad') => void;
}

export interface View {
  element: HTMLElement;
  /** The window's title. */
  title: () => string;
  /** The query has changed. */
  query: (query: URLSearchParams) => void;
  dispose: () => void;
}

/** Clean-up for when a view is closed. */
export class Undo {
  private readonly steps: (() => void)[] = [];
  private readonly abort = new AbortController();

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  add(...steps: (() => void)[]): void {
    this.steps.push(...steps);
  }

  run(): void {
    this.abort.abort();
    for (const step of this.steps.splice(0)) step();
  }
}
