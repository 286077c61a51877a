import { h } from '../../dom';
import { plural } from '../../format';
import { send } from '../parts/actions';
import type { FailureGroup } from '../model';
import { KeyedList, setText, type Item } from '../patch';
import { hrefOf } from '../router';
import { whole } from '../words';
import type { Tab, TabContext } from '../tab';

const causeHelp: Record<string, string> = {
  failed: 'The trial ended with an error.', lost: 'The lease expired: no heartbeat from the worker. The trial is tried again while it has attempts left.',
  out_of_memory: 'Not enough memory on that worker or device.',
  stalled: 'It made no progress for far longer than it should take; its worker gave the slot up.',
  preempted: 'Its worker was stopped; the trial was queued again.',
};

/** Failures by message, the most frequent first. */
export function failuresTab(context: TabContext): Tab {
  const { data } = context;
  const words = h('p', { class: 'none' });
  const list = h('ul', { class: 'failure-list' });
  const items = new KeyedList<FailureGroup>(list, (g) => `${g.cause}\u0000${g.message}`, (g) => failure(context, g));
  const retry = h('button', { type: 'button', click: () => void all() }, 'Retry all failed trials');
  const element = h('section', { class: 'panel' }, h('div', { class: 'head' }, h('h2', {}, 'Failures by cause'),
    h('div', { class: 'controls operators' }, retry)), words, list);
  const all = async (): Promise<void> => {
    const n = data.latest?.failed ?? 0;
    if (await context.dialogs.ask({ title: `Retry ${plural(n, 'failed trial')}?`,
      text: ['They are queued again with fresh attempts. A trial whose settings make it fail will fail again.'], act: 'Retry' }))
      await send(context, `/api/sweeps/${encodeURIComponent(data.id)}/retry`, {});
  };
  const fill = (): void => {
    const groups = data.failures.value;
    // Trials that failed for good first; the others were retried.
    items.set([...(groups ?? [])].sort((x, y) => y.trials_failed - x.trials_failed || y.count - x.count));
    const n = data.latest?.failed ?? 0;
    const attempts = groups?.reduce((sum, g) => sum + g.count, 0) ?? 0;
    setText(words, groups === null ? (data.failures.error ?? 'Loading …') : n === 0 && attempts === 0 ? 'No trial has failed.' : n === 0
      ? `No trial has failed for good. ${plural(attempts, 'attempt')} did not complete and ${attempts === 1 ? 'was' : 'were'} retried.`
        : `${plural(n, 'trial')} of ${whole(data.latest?.total ?? 0)} failed for good. Comparisons leave out their seeds, which flatters an arm that fails `
          + `when it does badly.`);
    retry.hidden = n === 0 || data.latest?.state === 'cancelled';
  };
  const stop = [data.failures.use(fill), data.onChange(fill)];
  fill();
  return { element, query: () => undefined, dispose: () => { for (const step of stop) step(); } };
}

function failure(context: TabContext, first: FailureGroup): Item<FailureGroup> {
  const count = h('b', { class: 'num' });
  const where = h('span', { class: 'small muted' });
  const attempts = h('span', { class: 'small muted' });
  const trials = h('span', { class: 'trial-links' });
  const place = { view: 'sweep' as const, id: context.data.id };
  const element = h('li', {},
    h('div', { class: 'failure-head' }, count, h('span', { class: 'chip', 'data-state': 'failed', title: causeHelp[first.cause] ?? null },
      first.cause.replace(/_/g, ' ')), attempts, where),
    first.message ? h('p', { class: 'message' }, first.message)
      : h('p', { class: 'small' }, causeHelp[first.cause] ?? 'No message.'), h('div', { class: 'small' }, 'Trials: ', trials));
  let shown = '';
  return {
    element,
    update: (g) => {
      setText(count, g.trials_failed > 0 ? plural(g.trials_failed, 'trial') : plural(g.count, 'attempt'));
      setText(attempts, g.trials_failed === 0 ? 'tried again' : g.count !== g.trials_failed ? plural(g.count, 'attempt') : '');
      setText(where, g.silos.length > 0 ? `on ${g.silos.slice(0, 6).join(', ')}${g.silos.length > 6 ? ` and ${g.silos.length - 6} more` : ''}` : '');
      const failed = context.data.latest?.failed ?? g.trials_failed;
      const key = `${g.trials.join()} ${g.count} ${failed}`;
      if (key === shown) return;
      shown = key;
      trials.replaceChildren(...g.trials.map((t) => h('a', { class: 'mono', href: hrefOf({ view: 'trial', id: context.data.id, trial: t }) }, t)),
        ...(failed > 0 && g.trials_failed > g.trials.length ? [
          h('a', { href: hrefOf(place, { tab: 'trials', state: 'failed' }) }, `all ${whole(failed)} failed trials`)] : []));
    },
  };
}
