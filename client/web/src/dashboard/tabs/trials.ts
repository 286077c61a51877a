import { h } from '../../dom';
import { plural } from '../../format';
import { highestFirst } from '../best';
import type { Grid, GridCell, Trial, TrialState } from '../model';
import { Filters } from '../parts/filters';
import { Picks } from '../parts/pickBox';
import { groupColumns, narrowed, sortedGroups, trialColumns } from '../parts/tableRows';
import { VirtualTable, type Column } from '../parts/virtualTable';
import { setText, throttled } from '../patch';
import { filterKey, filtersOf, listOf, listText } from '../router';
import { whole } from '../words';
import type { Tab, TabContext } from '../tab';

const states: readonly TrialState[] = ['running', 'completed', 'failed', 'queued', 'cancelled', 'held', 'pruned'];

/** The server computes the means of so many metrics for a table of groups. */
const mostMeans = 12;

/** A table with its rows' type left out. */
type Table = Pick<VirtualTable<never>, 'element' | 'sorted' | 'reset' | 'refresh' | 'repaint' | 'dispose' | 'onTotal' | 'onSort' | 'onScroll'>;

/** All trials, or all groups of them; trials are paged, sorted and filtered by the server. */
export function trialsTab(context: TabContext): Tab {
  const { data, detail, router, api, live } = context;
  const base = `/api/sweeps/${encodeURIComponent(data.id)}`;
  const picks = new Picks(context);
  const main = data.metrics.find((m) => m.name === detail.metric) ?? data.metrics[0];
  const narrow = window.matchMedia('(max-width: 640px)').matches;
  const laid = <T>(columns: Column<T>[]): Column<T>[] => (narrow ? narrowed(columns, main?.name) : columns);
  const ofTrials = laid(trialColumns(context, picks));
  const ofGroups = laid(groupColumns(context, picks));
  let asked = new URLSearchParams();
  let groups: Promise<Grid | null> | null = null;

  const status = h('span', { class: 'status', role: 'status' });
  const title = h('h2', {}, 'Trials');
  const stateSelect = h('select', { change: () => router.set({ state: stateSelect.value, at: null }) }, h('option', { value: '' }, 'all'),
    ...states.map((s) => h('option', { value: s }, s)));
  let typing: ReturnType<typeof setTimeout> | undefined;
  const search = h('input', {
    type: 'search', placeholder: 'Id begins with', 'aria-label': 'Find trials whose id begins with', spellcheck: 'false', autocomplete: 'off',
    input: () => { clearTimeout(typing); typing = setTimeout(() => router.set({ q: search.value.trim(), at: null }, true), 250); },
  });
  const rowsChoice = (['trials', 'groups'] as const).map((rows): [string, HTMLButtonElement] => [rows, h('button', { type: 'button',
    click: () => router.set({ rows: rows === 'trials' ? null : rows, at: null, sort: null, desc: null, cols: null }) }, rows)]);
  const choice = h('details', { class: 'column-choice' });
  const filters = new Filters(router, detail.axes, detail.seeds);
  const stateLabel = h('label', {}, 'state ', stateSelect);
  const holder = h('div', {});
  const element = h('section', { class: 'panel trials-panel' },
    h('div', { class: 'head' }, title, status, h('div', { class: 'controls' },
      h('div', { class: 'choice', role: 'group', 'aria-label': 'A row for each' }, ...rowsChoice.map(([, b]) => b)), stateLabel, search)),
    filters.element, choice, picks.element, holder);

  let table: Table | null = null;
  let columns: Column<never>[] = [];
  let at = 0;
  // The address follows scrolling at a limited rate, which browsers enforce.
  const keep = throttled(700, () => router.set({ at: at > 0 ? String(at) : null }, true));
  let made = '';

  /** A table anew, where other rows or other columns are asked for. */
  const make = (grouped: boolean, cols: string | null): void => {
    const all = grouped ? ofGroups : ofTrials;
    const wanted = cols === null ? null : listOf(cols);
    const shows = (c: Column<never>): boolean => c.key === 'pick' || (wanted ? wanted.includes(c.key) : c.spare !== true);
    const key = JSON.stringify([grouped, cols]);
    if (key === made) return;
    made = key;
    table?.dispose();
    if (grouped) {
      const own = new VirtualTable<GridCell>('Groups', ofGroups.filter(shows), {
        load: async (skip, take, signal) => {
          groups ??= api.get<Grid>(`${base}/grid?metrics=${encodeURIComponent(data.metrics.slice(0, mostMeans).map((m) => m.name).join(','))}`, signal);
          const waited = groups;
          const grid = await waited.catch((error: unknown) => { if (groups === waited) groups = null; throw error; });
          const rows = sortedGroups(grid?.cells ?? [], detail.axes, filtersOf(asked), asked.get('sort'), asked.has('desc'));
          return { total: rows.length, rows: rows.slice(skip, skip + take) };
        },
      });
      table = own;
    } else {
      const own = new VirtualTable<Trial>('Trials', ofTrials.filter(shows), {
        load: async (skip, take, signal) => {
          const query = new URLSearchParams(asked);
          query.set('skip', String(skip));
          query.set('take', String(take));
          const page = await api.get<{ total: number; trials: Trial[] }>(`${base}/trials?${query}`, signal);
          return { total: page?.total ?? 0, rows: page?.trials ?? [] };
        },
      });
      changeTrials = (running) => own.change((t) => running.has(t.id), (t) => ({ ...t, ...running.get(t.id) }));
      table = own;
    }
    columns = (grouped ? ofGroups : ofTrials) as Column<never>[];
    table.onTotal = (n) => setText(status, grouped ? plural(n, 'group') : n === detail.total ? plural(n, 'trial').replace(String(n), whole(n))
      : `${whole(n)} of ${whole(detail.total)} trials`);
    table.onSort = sort;
    table.onScroll = (row) => { at = row; keep(); };
    holder.replaceChildren(table.element);
    setText(title, grouped ? 'Groups' : 'Trials');
    for (const [rows, button] of rowsChoice) button.setAttribute('aria-pressed', String((rows === 'groups') === grouped));
    stateLabel.hidden = search.hidden = grouped;
    filters.bySeed(!grouped);
    const boxes = (all as Column<never>[]).filter((c) => c.key !== 'pick').map((c): [string, HTMLInputElement] =>
      [c.key, h('input', { type: 'checkbox', checked: shows(c), change: () => router.set(
        { cols: listText(boxes.filter(([, b]) => b.checked).map(([k]) => k)) || 'none' }, true) })]);
    choice.replaceChildren(h('summary', {}, `Columns: ${boxes.filter(([, b]) => b.checked).length} of ${boxes.length}`),
      h('div', { class: 'controls' }, ...boxes.map(([key, box]) => h('label', {}, box, ` ${all.find((c) => c.key === key)?.name ?? key}`)),
        h('button', { type: 'button', class: 'quiet', hidden: cols === null, click: () => router.set({ cols: null }, true) }, 'As at first')));
    shown = null;
  };
  let changeTrials: (running: ReadonlyMap<string, Trial>) => void = () => undefined;

  /** The best first, then the worst, then as the spec has them. */
  const sort = (key: string): void => {
    const now = router.query;
    const metric = data.metrics.find((m) => m.name === key);
    const orders = metric && highestFirst(metric) ? ['1', null] : [null, '1'];
    const current = now.get('sort') === key ? orders.indexOf(now.get('desc')) : -1;
    router.set(current === 1 ? { sort: null, desc: null, at: null } : { sort: key, desc: orders[current + 1] ?? null, at: null });
  };

  const refresh = throttled(2500, () => { groups = null; table?.refresh(); });
  let counts = '';
  const stop = [
    live.on('completed', refresh), live.on('refetch', refresh),
    data.onChange(() => {
      const s = data.latest;
      const now = s ? [s.state, s.running, s.completed, s.failed, s.queued].join() : '';
      if (counts !== '' && now !== counts) refresh();
      counts = now;
    }),
    live.on('running', () => changeTrials(new Map(live.running.map((t) => [t.id, t])))),
  ];
  let shown: string | null = null;
  const query = (q: URLSearchParams): void => {
    filters.query(q);
    make(q.get('rows') === 'groups', q.get('cols'));
    const grouped = q.get('rows') === 'groups';
    if (picks.query(q)) table?.repaint();
    stateSelect.value = states.includes(q.get('state') as TrialState) ? (q.get('state') as string) : '';
    if (document.activeElement !== search) search.value = q.get('q') ?? '';
    const next = new URLSearchParams();
    for (const [axis, value] of Object.entries(filtersOf(q))) next.set(filterKey(axis), value);
    if (stateSelect.value && !grouped) next.set('state', stateSelect.value);
    if (q.get('q') && !grouped) next.set('q', q.get('q') as string);
    const by = q.get('sort');
    if (by !== null && columns.some((c) => c.key === by && c.sortable !== false)) {
      next.set('sort', by);
      if (q.get('desc') === '1') next.set('desc', 'true');
    }
    table?.sorted(next.get('sort') ?? '', next.has('desc'));
    const key = next.toString();
    if (key === shown) return;
    const begin = shown === null ? Math.max(0, Math.floor(Number(q.get('at') ?? 0)) || 0) : 0;
    shown = key;
    asked = next;
    table?.reset(begin);
  };
  return { element, query, dispose: () => { for (const step of stop) step(); clearTimeout(typing); keep.cancel(); refresh.cancel(); table?.dispose(); } };
}
