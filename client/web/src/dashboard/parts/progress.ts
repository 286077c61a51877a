import { h } from '../../dom';
import type { Counts, SweepState } from '../model';
import { setAttribute, setStyle, setText } from '../patch';
import { countWords, percent, stateHelp, stateWords } from '../words';

/** The widths in percent of a bar's parts: ended trials share the completed fraction of the work by outcome; running ones follow, by number. */
export function shares(c: Counts, fraction: number): Record<'completed' | 'failed' | 'cancelled' | 'running', number> {
  const done = Math.max(0, Math.min(1, fraction)) * 100;
  const ended = c.completed + c.failed + c.cancelled;
  const of = (n: number): number => (ended > 0 ? (done * n) / ended : 0);
  const under = c.total > 0 ? (100 * c.running) / c.total : 0;
  return { completed: of(c.completed), failed: of(c.failed), cancelled: of(c.cancelled),
    running: Math.min(100 - (ended > 0 ? done : 0), ended > 0 ? under : Math.max(under, done)) };
}

/** A bar of completed, failed, cancelled and running trials. */
export class ProgressBar {
  readonly element: HTMLElement;
  private readonly parts: Record<'completed' | 'failed' | 'cancelled' | 'running', HTMLElement>;

  constructor(label: string) {
    const part = (name: string): HTMLElement => h('span', { class: `part ${name}` });
    this.parts = { completed: part('completed'), failed: part('failed'), cancelled: part('cancelled'), running: part('running') };
    this.element = h('div', { class: 'progress', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100 },
      ...Object.values(this.parts));
  }

  update(c: Counts, fraction: number): void {
    const widths = shares(c, fraction);
    for (const name of ['completed', 'failed', 'cancelled', 'running'] as const) setStyle(this.parts[name], 'width', `${widths[name].toFixed(3)}%`);
    setAttribute(this.element, 'aria-valuenow', String(Math.floor(Math.max(0, Math.min(1, fraction)) * 100)));
    setAttribute(this.element, 'aria-valuetext', `${percent(fraction)}: ${countWords(c)}`);
  }
}

/** A label with a mark, so that colour alone doesn't carry the state. */
export class Chip {
  readonly element = h('span', { class: 'chip' });

  update(state: string, help = '', words = state.replace(/_/g, ' ')): void {
    setAttribute(this.element, 'data-state', state);
    setAttribute(this.element, 'title', help || null);
    setText(this.element, words);
  }

  sweep(state: SweepState): void {
    this.update(state, stateHelp[state] ?? '', stateWords[state] ?? state);
  }
}

export const chip = (state: string, help = ''): HTMLElement => {
  const c = new Chip();
  c.update(state, help);
  return c.element;
};
