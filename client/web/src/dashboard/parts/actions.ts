import { h } from '../../dom';
import { plural } from '../../format';
import { words } from '../api';
import type { Context } from '../context';
import type { Sweep } from '../model';
import type { Question } from './dialog';

export type Act = 'pause' | 'resume' | 'cancel' | 'retry';

/** The actions available in a sweep's current state. */
export function actsFor(s: Sweep): Act[] {
  const acts: Act[] = [];
  if (s.state === 'running' || s.state === 'waiting') acts.push('pause');
  if (s.state === 'paused') acts.push('resume');
  if (s.failed > 0 && s.state !== 'cancelled') acts.push('retry');
  if (s.state === 'running' || s.state === 'waiting' || s.state === 'paused') acts.push('cancel');
  return acts;
}

export const actWords: Record<Act, string> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel', retry: 'Retry failed' };

export function question(act: Act, s: Sweep): Question {
  switch (act) {
    case 'pause': {
      const one = s.running === 1;
      const running = s.running === 0 ? '' : ` ${plural(s.running, 'running trial')} ${one ? 'is' : 'are'} checkpointed and ${one ? 'continues' : 'continue'}`
        + ' from there when the sweep is resumed.';
      return { title: `Pause ${s.name}?`, text: [`No more trials are started.${running} It can be resumed at any time.`], act: 'Pause' };
    }
    case 'resume': return { title: `Resume ${s.name}?`, text: [`${plural(s.queued, 'trial')} ${s.queued === 1 ? 'waits' : 'wait'} to be run.`], act: 'Resume' };
    case 'cancel': return { title: `Cancel ${s.name}?`, text: [
      `${plural(s.queued + s.running, 'queued or running trial')} ${s.queued + s.running === 1 ? 'is' : 'are'} cancelled. Completed trials are kept.`,
        'This can’t be undone.'], act: 'Cancel the sweep', danger: true };
    case 'retry': return { title: `Retry ${plural(s.failed, 'failed trial')} of ${s.name}?`,
      text: ['They are queued again with fresh attempts. A trial whose settings make it fail will fail again.'], act: 'Retry' };
  }
}

/** Asks for confirmation, performs the action, and reports the result. */
export async function perform(context: Context, act: Act, sweep: Sweep): Promise<void> {
  if (!(await context.dialogs.ask(question(act, sweep)))) return;
  await send(context, `/api/sweeps/${encodeURIComponent(sweep.id)}/${act}`, {});
}

/** @returns whether the server took it. */
export async function send(context: Context, path: string, body: unknown): Promise<boolean> {
  try {
    const answer = await context.api.post<{ done?: string }>(path, body);
    context.say(answer?.done ?? 'done', 'good');
    return true;
  } catch (error) {
    context.say(words(error), 'bad');
    return false;
  }
}

/** Buttons for the available actions; none for readers. */
export class SweepActions {
  readonly element = h('div', { class: 'actions' });
  private shown = '';

  constructor(private readonly context: Context) {}

  update(sweep: Sweep): void {
    const acts = this.context.live.operator ? actsFor(sweep) : [];
    this.sweep = sweep;
    const key = acts.join();
    if (key === this.shown) return;
    this.shown = key;
    const focused = this.element.contains(document.activeElement);
    this.element.replaceChildren(...acts.map((act) => h('button',
      { type: 'button', class: act === 'cancel' ? 'quiet danger' : 'quiet', 'aria-label': `${actWords[act]}: ${sweep.name}`, click: () =>
        { if (this.sweep) void perform(this.context, act, this.sweep); } }, actWords[act])));
    if (focused) (this.element.firstElementChild as HTMLElement | null)?.focus();
  }

  private sweep: Sweep | null = null;
}
