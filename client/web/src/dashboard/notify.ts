import { h } from '../dom';
import { plural } from '../format';
import type { Context } from './context';
import { keep, kept } from './kept';
import type { Sweep } from './model';
import { hrefOf } from './router';
import { setAttribute, setText } from './patch';
import { whole } from './words';

export interface Telling {
  id: string;
  title: string;
  text: string;
}

const over = (s: Sweep): boolean => s.state === 'done' || s.state === 'failed' || s.state === 'cancelled';

/** What is worth interrupting somebody for: a sweep has ended, or the first of its trials has failed for good. */
export function tellings(before: readonly Sweep[] | null, now: readonly Sweep[]): Telling[] {
  return now.flatMap((s): Telling[] => {
    const was = before?.find((b) => b.id === s.id);
    if (!was) return [];
    if (!over(was) && over(s)) {
      const title = s.state === 'cancelled' ? `${s.name} is cancelled` : s.failed > 0 ? `${s.name} is done, ${whole(s.failed)} failed` : `${s.name} is done`;
      return [{ id: s.id, title, text: s.answer ?? `${whole(s.completed)} of ${plural(s.total, 'trial')} completed.` }];
    }
    if (was.failed === 0 && s.failed > 0) return [{ id: s.id, title: `${s.name}: ${plural(s.failed, 'trial')} failed`,
      text: `${whole(s.completed)} of ${plural(s.total, 'trial')} completed so far.` }];
    return [];
  });
}

/** Tells through the browser, to who has asked for it, when a sweep ends or a trial fails: also while the page is hidden. */
export class Notifier {
  readonly element = h('button', { type: 'button', class: 'quiet notify', click: () => void this.toggle() });
  private before: readonly Sweep[] | null = null;

  constructor(private readonly context: Context) {
    // Without TLS browsers offer it on this machine alone.
    this.element.hidden = typeof Notification === 'undefined';
    context.live.on('sweeps', () => this.look());
    this.show();
  }

  private get on(): boolean {
    return typeof Notification !== 'undefined' && Notification.permission === 'granted' && kept('notify') === 'yes';
  }

  private show(): void {
    const { on } = this;
    this.context.live.watchHidden = on;
    setText(this.element, on ? 'Notifying' : 'Notify me');
    setAttribute(this.element, 'aria-pressed', String(on));
    setAttribute(this.element, 'title', on ? 'This browser tells you when a sweep ends or its first trial fails, while the page is open. Press to stop.'
      : 'Have this browser tell you when a sweep ends or its first trial fails, while the page is open.');
  }

  private async toggle(): Promise<void> {
    if (this.on) {
      keep('notify', 'no');
    } else {
      const answer = await Notification.requestPermission();
      if (answer === 'granted') keep('notify', 'yes');
      else if (answer === 'denied') this.context.say('This browser shows no notifications of this page; its settings of the site can allow them.', 'bad');
    }
    this.show();
  }

  private look(): void {
    const now = this.context.live.sweeps ?? [];
    const { before } = this;
    this.before = now;
    if (!this.on) return;
    for (const told of tellings(before, now)) this.tell(told);
  }

  private tell(told: Telling): void {
    try {
      const shown = new Notification(told.title, { body: told.text, tag: `sweep ${told.id}` });
      shown.onclick = () => {
        window.focus();
        this.context.router.go(hrefOf({ view: 'sweep', id: told.id }));
        shown.close();
      };
    } catch {
      // Browsers of phones have the name and not the thing.
      this.context.say(`${told.title}. ${told.text}`);
    }
  }
}
