import { h } from '../../dom';
import { number, plural, withUnit } from '../../format';
import { axisName } from '../../model/axes';
import type { Trial, TrialState } from '../model';
import { Filters } from '../parts/filters';
import { chip } from '../parts/progress';
import { VirtualTable, type Column } from '../parts/virtualTable';
import { setAttribute, setText, throttled } from '../patch';
import { filterKey, filtersOf, hrefOf } from '../router';
import { percent, whole } from '../words';
import type { Tab, TabContext } from '../tab';

const states: readonly TrialState[] = ['running', 'completed', 'failed', 'queued', 'cancelled', 'held', 'pruned'];

const plain = (text: (t: Trial) => string) => (cell: HTMLElement, t: Trial): void => setText(cell, text(t));

/** All trials: paged, sorted and filtered by the server. */
export function trialsTab(context: TabContext): Tab {
  const { data, detail, router, api, live } = context;
  const base = `/api/sweeps/${encodeURIComponent(data.id)}/trials`;
  let asked = new URLSearchParams();
  const idCell = (cell: HTMLElement, t: Trial): void => {
    let link = cell.firstElementChild as HTMLAnchorElement | null;
    if (!link) {
      link = h('a', { class: 'mono' });
      cell.replaceChildren(link);
    }
    setText(link, t.id.slice(0, 12));
    setAttribute(link, 'href', hrefOf({ view: 'trial', id: data.id, trial: t.id }));
    setAttribute(link, 'title', t.id);
  };
  const stateCell = (cell: HTMLElement, t: Trial): void => {
    const before = cell.firstElementChild;
    // Moves the failure message near the left.
    const help = t.state === 'failed' ? (t.message ?? '') : '';
    if (before instanceof HTMLElement && before.dataset.state === t.state && before.title === help) return;
    cell.replaceChildren(chip(t.state, help));
  };
  const varied = detail.axes.filter((a) => a.values.length > 1);
  const columns: Column<Trial>[] = [
    { key: 'id', name: 'trial', width: '126px', sortable: false, fill: idCell },
    { key: 'state', name: 'state', width: '116px', sortable: false, fill: stateCell },
    ...varied.map((a): Column<Trial> => ({
      key: a.name, name: axisName(a.name), title: a.name, sortable: false,
        width: `${Math.min(190, Math.max(80, 26 + 8.4 * Math.max(axisName(a.name).length, ...a.values.map((v) => v.label.length))))}px`,
          fill: plain((t) => t.axes[a.name] ?? '–'),
    })),
    ...(detail.seeds.length > 1 ? [{ key: 'seed', name: 'seed', width: '70px', numeric: true, sortable: false, fill: plain((t: Trial) => String(t.seed)) }]
      : []),
    ...data.metrics.map((m): Column<Trial> => ({
      key: m.name, name: m.label, title: withUnit(m.label, m.unit), width: `${Math.min(220, Math.max(104, 44 + 7.4 * m.label.length))}px`, numeric: true,
        fill: plain((t) => (t.state === 'completed' ? number(t.metrics[m.name], 4) : '')),
    })),
    { key: 'attempts', name: 'attempts', width: '92px', numeric: true, fill: plain((t) => (t.attempts > 0 ? String(t.attempts) : '')) },
    { key: 'silo', name: 'silo', width: '150px', sortable: false, fill: plain((t) => t.silo ?? '') },
    {
      key: 'message', name: 'message', width: 'minmax(220px, 1fr)', sortable: false,
      fill: (cell, t) => {
        const text = t.state === 'running' ? [t.phase, t.fraction === null ? '' : percent(t.fraction)].filter(Boolean).join(' ') : (t.message ?? '');
        setText(cell, text);
        setAttribute(cell, 'title', text || null);
      },
    },
  ];
  const table = new VirtualTable<Trial>('Trials', columns, {
    load: async (skip, take, signal) => {
      const query = new URLSearchParams(asked);
      query.set('skip', String(skip));
      query.set('take', String(take));
      const page = await api.get<{ total: number; trials: Trial[] }>(`${base}?${query}`, signal);
      return { total: page?.total ?? 0, rows: page?.trials ?? [] };
    },
  });
  const status = h('span', { class: 'status', role: 'status' });
  const stateSelect = h('select', { change: () => router.set({ state: stateSelect.value, at: null }) }, h('option', { value: '' }, 'all'),
    ...states.map((s) => h('option', { value: s }, s)));
  let typing: ReturnType<typeof setTimeout> | undefined;
  const search = h('input', {
    type: 'search', placeholder: 'Id begins with', 'aria-label': 'Find trials whose id begins with', spellcheck: 'false', autocomplete: 'off',
    input: () => { clearTimeout(typing); typing = setTimeout(() => router.set({ q: search.value.trim(), at: null }, true), 250); },
  });
  const filters = new Filters(router, detail.axes, detail.seeds);
  const element = h('section', { class: 'panel trials-panel' },
    h('div', { class: 'head' }, h('h2', {}, 'Trials'), status, h('div', { class: 'controls' }, h('label', {}, 'state ', stateSelect), search)),
      filters.element, table.element);

  table.onTotal = (n) => setText(status, n === detail.total ? plural(n, 'trial').replace(String(n), whole(n)) : `${whole(n)} of ${whole(detail.total)} trials`);
  table.onSort = (key) => {
    const now = router.query;
    if (now.get('sort') !== key) router.set({ sort: key, desc: null, at: null });
    else if (now.get('desc') !== '1') router.set({ desc: '1', at: null });
    else router.set({ sort: null, desc: null, at: null });
  };
  // The address follows scrolling at a limited rate, which browsers enforce.
  let at = 0;
  const keep = throttled(700, () => router.set({ at: at > 0 ? String(at) : null }, true));
  table.onScroll = (row) => { at = row; keep(); };

  const refresh = throttled(2500, () => table.refresh());
  let counts = '';
  const stop = [
    live.on('completed', refresh), live.on('refetch', refresh),
    data.onChange(() => {
      const s = data.latest;
      const now = s ? [s.state, s.running, s.completed, s.failed, s.queued].join() : '';
      if (counts !== '' && now !== counts) refresh();
      counts = now;
    }),
    live.on('running', () => {
      const running = new Map(live.running.map((t) => [t.id, t]));
      table.change((t) => running.has(t.id), (t) => ({ ...t, ...running.get(t.id) }));
    }),
  ];
  let shown: string | null = null;
  const query = (q: URLSearchParams): void => {
    filters.query(q);
    stateSelect.value = states.includes(q.get('state') as TrialState) ? (q.get('state') as string) : '';
    if (document.activeElement !== search) search.value = q.get('q') ?? '';
    const next = new URLSearchParams();
    for (const [axis, value] of Object.entries(filtersOf(q))) next.set(filterKey(axis), value);
    if (stateSelect.value) next.set('state', stateSelect.value);
    if (q.get('q')) next.set('q', q.get('q') as string);
    const sort = q.get('sort');
    if (sort !== null && columns.some((c) => c.key === sort && c.sortable !== false)) {
      next.set('sort', sort);
      if (q.get('desc') === '1') next.set('desc', 'true');
    }
    table.sorted(next.get('sort') ?? '', next.has('desc'));
    const key = next.toString();
    if (key === shown) return;
    const begin = shown === null ? Math.max(0, Math.floor(Number(q.get('at') ?? 0)) || 0) : 0;
    shown = key;
    asked = next;
    table.reset(begin);
  };
  return { element, query, dispose: () => { for (const step of stop) step(); clearTimeout(typing); keep.cancel(); refresh.cancel(); table.dispose(); } };
}
