import type { Api } from './api';
import type { Live } from './live';
import type { Router } from './router';
import type { Dialogs } from './parts/dialog';

/** What every view is given. */
export interface Context {
  api: Api;
  live: Live;
  router: Router;
  dialogs: Dialogs;
  /** Says something in passing, aloud for those who listen. */
  say: (text: string, kind?: 'good' | 'bad') => void;
}

export interface View {
  element: HTMLElement;
  /** For the window's title. */
  title: () => string;
  /** The query changed under the view. */
  query: (query: URLSearchParams) => void;
  dispose: () => void;
}

/** What has to be undone when a view goes. */
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
