import { h } from '../../dom';
import { aborted, words } from '../api';
import { plural } from '../../format';
import { Undo, type Context, type View } from '../context';
import type { Silo, SiloRun } from '../model';
import { send } from '../parts/actions';
import { Chip } from '../parts/progress';
import { KeyedList, setAttribute, setStyle, setText, type Item } from '../patch';
import { hrefOf } from '../router';
import { ago, clock, percent, slotWords, whole } from '../words';

const help: Record<Silo['state'], string> = {
  active: 'running trials', idle: 'nothing to do', silent: 'no heartbeat for a while: its trials will be run elsewhere',
    quarantined: 'it gets no trials until it is unquarantined',
};
const order: Record<Silo['state'], number> = { quarantined: 0, active: 1, idle: 2, silent: 3 };

/** The workers: their devices, what they run, and which are quarantined. */
export function silosView(context: Context): View {
  const undo = new Undo();
  const { live } = context;
  const status = h('p', { class: 'status', role: 'status' }, 'Loading …');
  const list = h('ul', { class: 'silo-list' });
  const items = new KeyedList<Silo>(list, (s) => s.id, (s) => card(context, s, undo));
  const element = h('div', {}, h('div', { class: 'head' }, h('h1', { tabindex: -1 }, 'Silos')), status, list);
  const fill = (): void => {
    const all = live.silos;
    if (all === null) return;
    items.set([...all].sort((a, b) => (order[a.state] ?? 9) - (order[b.state] ?? 9) || (a.id < b.id ? -1 : 1)));
    const count = (state: Silo['state'] | 'gone'): string => {
      const n = all.filter((s) => (s.state === 'silent' && s.running.length === 0 ? 'gone' : s.state) === state).length;
      return n > 0 ? `${n} ${state}` : '';
    };
    const at = all.reduce((n, s) => n + s.running.length, 0);
    setText(status, all.length === 0 ? 'No silo has joined this store yet. One joins with: sweep silo --store URL'
      : `${plural(all.length, 'silo')}: `
        + `${[count('active'), count('idle'), count('silent'), count('gone'), count('quarantined')].filter(Boolean).join(', ')}; `
        + `${plural(at, 'trial')} running`);
  };
  const load = async (): Promise<void> => {
    try {
      const answer = await context.api.get<{ silos: Silo[] }>('/api/silos', undo.signal);
      if (answer) live.took(answer);
    } catch (error) {
      if (!aborted(error) && live.silos === null) setText(status, `The silos can’t be shown: ${words(error)}`);
    }
  };
  live.follow(null);
  undo.add(live.on('silos', fill), live.on('refetch', () => void load()));
  fill();
  void load();
  return { element, title: () => 'Silos', query: () => undefined, dispose: () => undo.run() };
}

function card(context: Context, first: Silo, undo: Undo): Item<Silo> {
  const state = new Chip();
  const seen = h('span', { class: 'when' });
  const facts = h('div', { class: 'facts-line' });
  const reason = h('p', { class: 'message', hidden: true });
  const release = h('button', { type: 'button', class: 'quiet', 'aria-label': `Unquarantine: ${first.id}`, click: () => void ask() }, 'Unquarantine');
  const actions = h('div', { class: 'actions operators' }, release);
  const slots = h('div', { class: 'slots', 'aria-hidden': 'true' });
  const rows = h('ul', { class: 'running-list' });
  const running = new KeyedList<SiloRun>(rows, (r) => `${r.sweep} ${r.trial}`, () => run());
  let current = first;
  const ask = async (): Promise<void> => {
    const text = [
      current.reason ? `The reason: ${current.reason}` : 'Trials failed there and not elsewhere.',
      'The silo gets trials again. If its fault is still there, it will be quarantined again.',
    ];
    if (await context.dialogs.ask({ title: `Unquarantine ${current.id}?`, text, act: 'Unquarantine' }))
      await send(context, `/api/silos/${encodeURIComponent(current.id)}/unquarantine`, {});
  };
  const age = (): void => {
    setText(seen, `last heartbeat ${ago(current.last_seen, context.live.now)}`);
    setAttribute(seen, 'title', current.last_seen ? clock(Date.parse(current.last_seen), context.live.now, true) : null);
  };
  undo.add(context.live.on('tick', age));
  return {
    element: h('li', { class: 'sweep-card silo' }, h('div', { class: 'top' }, h('b', { class: 'name' }, first.id), state.element, seen, actions), reason,
      facts, slots, rows),
    update: (s) => {
      current = s;
      // A silo that left while idle is no loss.
      if (s.state === 'silent' && s.running.length === 0) state.update('gone', 'no heartbeat for a while, and nothing runs on it');
      else state.update(s.state, help[s.state]);
      age();
      const quarantined = s.quarantined !== null || s.state === 'quarantined';
      release.hidden = !quarantined || !context.live.operator;
      reason.hidden = !quarantined;
      setText(reason, quarantined
        ? `Quarantined${s.quarantined ? ` ${ago(s.quarantined, context.live.now)}` : ''}: ${s.reason ?? 'trials failed here and not elsewhere'}` : '');
      const words = [s.devices ?? '', s.slots === null ? '' : slotWords(s.running.length, s.slots), `${whole(s.completed)} completed`,
        s.failed > 0 ? `${whole(s.failed)} failed` : '', s.first_seen ? `here since ${clock(Date.parse(s.first_seen), context.live.now)}` : '', s.artifacts
          ? `artifacts in ${s.artifacts}` : ''].filter(Boolean);
      const key = words.join('\u0000');
      if (facts.dataset.key !== key) {
        facts.dataset.key = key;
        facts.replaceChildren(...words.map((w) => h('span', {}, w)));
      }
      const shown = Math.min(s.slots ?? 0, 64);
      while (slots.childElementCount < shown) slots.append(h('span', { class: 'slot' }));
      while (slots.childElementCount > shown) slots.lastElementChild?.remove();
      [...slots.children].forEach((e, i) => e.classList.toggle('busy', i < s.running.length));
      running.set(s.running.slice(0, 32));
    },
  };
}

function run(): Item<SiloRun> {
  const link = h('a', {});
  const sweep = h('a', { class: 'small' });
  const what = h('span', { class: 'small muted num' });
  const part = h('span', { class: 'part running' });
  return {
    element: h('li', {}, h('div', { class: 'running-head' }, link, sweep, what), h('div', { class: 'progress thin', 'aria-hidden': 'true' }, part)),
    update: (r) => {
      setText(link, `trial ${r.trial.slice(0, 8)}`);
      setAttribute(link, 'href', hrefOf({ view: 'trial', id: r.sweep, trial: r.trial }));
      setText(sweep, r.sweep_name);
      setAttribute(sweep, 'href', hrefOf({ view: 'sweep', id: r.sweep }));
      setText(what, [r.phase, r.fraction === null ? '' : percent(r.fraction)].filter(Boolean).join(' '));
      setStyle(part, 'width', `${((r.fraction ?? 0) * 100).toFixed(1)}%`);
    },
  };
}
