import { h } from '../../dom';
import { unbroken } from '../../format';
import { words } from '../api';
import { Undo, type Context, type View } from '../context';
import { endedOf } from '../model';
import type { Sweep, SweepState } from '../model';
import { SweepActions } from '../parts/actions';
import { allTags, NoteView } from '../parts/note';
import { Chip, ProgressBar } from '../parts/progress';
import { KeyedList, setAttribute, setText, type Item } from '../patch';
import { hrefOf } from '../router';
import { ago, clock, percent, rate, remaining, stateWords, whole } from '../words';

const order: Record<SweepState, number> = { running: 0, waiting: 1, paused: 2, failed: 3, done: 3, cancelled: 3 };

/** Active ones first, then the newest. */
export const sorted = (sweeps: readonly Sweep[]): Sweep[] =>
  [...sweeps].sort((a, b) => (order[a.state] ?? 9) - (order[b.state] ?? 9) || Date.parse(b.submitted) - Date.parse(a.submitted) || (a.id < b.id ? -1 : 1));

export function matches(s: Sweep, text: string, state: string, tag = ''): boolean {
  const wanted = text.toLowerCase();
  return (state === '' || s.state === state) && (tag === '' || (s.note?.tags.includes(tag) ?? false))
    && (text === '' || s.id.startsWith(wanted) || [s.name, s.note?.text ?? '', ...(s.note?.tags ?? [])].some((t) => t.toLowerCase().includes(wanted)));
}

/** All sweeps, each with its progress. */
export function sweepsView(context: Context): View {
  const undo = new Undo();
  const { live, router } = context;
  const search = h('input', { type: 'search', placeholder: 'Name, id or note', 'aria-label': 'Find a sweep by name, id or note', spellcheck: 'false',
    input: () => router.set({ q: search.value }, true) });
  const state = h('select', { 'aria-label': 'State', change: () => router.set({ state: state.value }) }, h('option', { value: '' }, 'all states'),
    ...(['running', 'waiting', 'paused', 'done', 'failed', 'cancelled'] as SweepState[]).map((s) => h('option', { value: s }, stateWords[s])));
  const tag = h('select', { 'aria-label': 'Tag', hidden: true, change: () => router.set({ tag: tag.value }) });
  const status = h('p', { class: 'status', role: 'status' });
  const body = h('ul', { class: 'sweep-list' });
  const empty = h('div', { class: 'empty', hidden: true });
  const element = h('div', {}, h('div', { class: 'head' }, h('h1', { tabindex: -1 }, 'Sweeps'), h('div', { class: 'controls' }, search, state, tag)),
    status, body, empty);
  const list = new KeyedList<Sweep>(body, (s) => s.id, (s) => card(context, s, undo));

  const fill = (): void => {
    const all = live.sweeps;
    if (all === null) {
      setText(status, 'Loading …');
      return;
    }
    // A tag of the address stays a choice, also where no sweep has it any more.
    const wanted = router.query.get('tag') ?? '';
    const tags = allTags(all);
    if (wanted && !tags.includes(wanted)) tags.push(wanted);
    const key = JSON.stringify(tags);
    if (tag.dataset.key !== key) {
      tag.dataset.key = key;
      tag.replaceChildren(h('option', { value: '' }, 'all tags'), ...tags.map((t) => h('option', { value: t }, t)));
    }
    tag.value = wanted;
    tag.hidden = tags.length === 0;
    const shown = sorted(all).filter((s) => matches(s, search.value.trim(), state.value, wanted));
    list.set(shown);
    const running = all.filter((s) => s.state === 'running').length;
    setText(status, all.length === 0 ? ''
      : `${all.length} ${all.length === 1 ? 'sweep' : 'sweeps'}, ${running} running${shown.length < all.length ? `; ${shown.length} shown` : ''}`);
    empty.hidden = shown.length > 0;
    if (all.length === 0) empty.replaceChildren(h('p', {}, 'No sweep has been submitted to this store yet.'),
      h('pre', {}, 'sweep run SPEC.yaml --serve\nsweep launch SPEC.yaml --store URL'));
    else if (shown.length === 0) empty.replaceChildren(h('p', {}, 'No sweep matches.'),
      h('button', { type: 'button', click: () => router.set({ q: null, state: null, tag: null }) }, 'Show all'));
  };
  const load = async (): Promise<void> => {
    try {
      const answer = await context.api.get<{ now: string; sweeps: Sweep[] }>('/api/sweeps', undo.signal);
      if (answer) live.took(answer);
    } catch (error) {
      if (!undo.signal.aborted && live.sweeps === null) setText(status, `The sweeps can’t be shown: ${words(error)}`);
    }
  };
  const read = (query: URLSearchParams): void => {
    if (search.value !== (query.get('q') ?? '')) search.value = query.get('q') ?? '';
    state.value = query.get('state') ?? '';
    fill();
  };

  live.follow(null);
  undo.add(live.on('sweeps', fill), live.on('refetch', () => void load()));
  read(router.query);
  void load();
  return { element, title: () => 'Sweeps', query: read, dispose: () => undo.run() };
}

function card(context: Context, first: Sweep, undo: Undo): Item<Sweep> {
  const link = h('a', { class: 'name', href: hrefOf({ view: 'sweep', id: first.id }) });
  const state = new Chip();
  const bar = new ProgressBar(`Progress of ${first.name}`);
  const done = h('span', { class: 'num' });
  const failed = h('a', { class: 'bad num', href: hrefOf({ view: 'sweep', id: first.id }, { tab: 'failures' }) });
  const speed = h('span', { class: 'num' });
  const left = h('span', { class: 'left' });
  const waits = h('span', { class: 'warn' });
  const when = h('span', { class: 'when' });
  const answer = h('p', { class: 'answer', hidden: true });
  const note = new NoteView();
  const share = h('span', { class: 'num share' });
  const actions = new SweepActions(context);
  let current = first;
  const age = (): void => {
    setText(when, `${current.where ? `${current.where} \u00b7 ` : ''}submitted ${ago(current.submitted, context.live.now)}`);
    setAttribute(when, 'title', clock(Date.parse(current.submitted), context.live.now));
  };
  undo.add(context.live.on('tick', age));
  const element = h('li', { class: 'sweep-card' },
    h('div', { class: 'top' }, link, state.element, when, actions.element),
    h('div', { class: 'bar-line' }, bar.element, share),
    h('div', { class: 'facts-line' }, done, failed, speed, left, waits), answer, note.element);
  return {
    element,
    update: (s) => {
      current = s;
      setText(link, s.name);
      state.sweep(s.state);
      bar.update(s, s.fraction);
      setText(share, percent(s.fraction));
      setText(done, `${whole(endedOf(s))} of ${whole(s.total)} trials`);
      setText(failed, s.failed > 0 ? `${whole(s.failed)} failed` : '');
      failed.hidden = s.failed === 0;
      const moving = s.state === 'running' || s.state === 'waiting';
      setText(speed, moving && s.trials_per_minute ? rate(s.trials_per_minute) : '');
      setText(left, moving ? `${s.eta_seconds === null ? '' : 'left: '}${remaining(s)}` : '');
      setText(waits, s.waits ?? '');
      setText(answer, unbroken(s.answer ?? ''));
      answer.hidden = !s.answer;
      note.update(s.note);
      // What is done needs no bar: its answer takes the place.
      bar.element.parentElement?.toggleAttribute('hidden', Boolean(s.answer) && s.failed + s.cancelled === 0);
      actions.update(s);
      age();
    },
  };
}
