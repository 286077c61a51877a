import { h } from '../../dom';
import type { Counts, SweepState } from '../model';
import { setAttribute, setStyle, setText } from '../patch';
import { countWords, percent, stateHelp, stateWords } from '../words';

/** A bar of what is done, failed, cancelled and under way, by number of trials. */
export class ProgressBar {
  readonly element: HTMLElement;
  private readonly parts: Record<'completed' | 'failed' | 'cancelled' | 'running', HTMLElement>;

  constructor(label: string) {
    const part = (name: string): HTMLElement => h('span', { class: `part ${name}` });
    this.parts = { completed: part('completed'), failed: part('failed'), cancelled: part('cancelled'), running: part('running') };
    this.element = h('div', { class: 'progress', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100 }, ...Object.values(this.parts));
  }

  update(c: Counts, fraction: number): void {
    for (const name of ['completed', 'failed', 'cancelled', 'running'] as const) setStyle(this.parts[name], 'width', `${c.total > 0 ? ((c[name] / c.total) * 100).toFixed(3) : '0'}%`);
    setAttribute(this.element, 'aria-valuenow', String(Math.floor(Math.max(0, Math.min(1, fraction)) * 100)));
    setAttribute(this.element, 'aria-valuetext', `${percent(fraction)}: ${countWords(c)}`);
  }
}

/** A word with a mark, so that colour is not all that tells states apart. */
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
