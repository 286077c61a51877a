import type { Context } from './context';
import type { SweepDetail } from './model';
import type { SweepData } from './sweepData';

/** One part of a sweep's view, alive while it is shown. */
export interface Tab {
  element: HTMLElement;
  query: (query: URLSearchParams) => void;
  dispose: () => void;
}

export interface TabContext extends Context {
  data: SweepData;
  detail: SweepDetail;
}
