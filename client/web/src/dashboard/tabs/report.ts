import { h } from '../../dom';
import { figure } from '../../figure';
import { expectationForest, scaleOf } from '../../figures/expectations';
import { hasCurves } from '../../figures/curves';
import { drawnMetrics } from '../../figures/finals';
import { plural } from '../../format';
import { valuesOf } from '../../model/axes';
import { estimate, mark, outcome, place, subject } from '../../model/expectations';
import type { Filter, SortKey } from '../../model/comparisons';
import type { Report } from '../../model/report';
import { hasTradeOff } from '../../model/tradeoff';
import { hasTuning } from '../../model/tuning';
import { comparisonSection, comparisonShape, type ComparisonChoice } from '../../sections/comparisons';
import { diagnosticsSection, hasDiagnostics } from '../../sections/diagnostics';
import { curvesSection, finalsSection, lossSection, thresholdSection } from '../../sections/figures';
import { hasSamples, samplesSection } from '../../sections/samples';
import { hasScatters, scatterSection } from '../../sections/scatter';
import { selectors } from '../../sections/selectors';
import { tradeOffSection } from '../../sections/tradeoff';
import { tuningSection } from '../../sections/tuning';
import { State, type CurveView } from '../../state';
import { Chip } from '../parts/progress';
import { KeyedList, setText, type Item } from '../patch';
import { listOf, listText, type Change } from '../router';
import type { Resource } from '../resource';
import type { Tab, TabContext } from '../tab';

const views: readonly CurveView[] = ['gap', 'near', 'raw'];

/** The choices for the figures, as kept in the address; defaults are left out. */
export function choicesToQuery(state: State, standard: Record<string, string>): Change {
  const change: Change = { hide: listText(state.arms.filter((a) => state.hidden.has(a))), view: state.view === 'gap' ? null
    : state.view, samples: state.curve === 'log_likelihood' ? null : 'x0' };
  for (const [axis, value] of Object.entries(state.chosen)) change[`fig.${axis}`] = value === standard[axis] ? null : value;
  if (state.picksColumn) change[`fig.${state.roles.column}`] = state.picked;
  return change;
}

/** @returns whether something changed. */
export function choicesFromQuery(state: State, standard: Record<string, string>, query: URLSearchParams): boolean {
  const before = JSON.stringify([[...state.hidden], state.view, state.curve, state.chosen, state.picked]);
  state.hidden.clear();
  for (const arm of listOf(query.get('hide'))) if (state.arms.includes(arm)) state.hidden.add(arm);
  if (state.hidden.size === state.arms.length) state.hidden.clear();
  state.view = views.find((v) => v === query.get('view')) ?? 'gap';
  state.curve = query.get('samples') === 'x0' ? 'log_likelihood_x0' : 'log_likelihood';
  for (const axis of Object.keys(state.chosen)) {
    const wanted = query.get(`fig.${axis}`);
    state.chosen[axis] = wanted !== null && valuesOf(state.report, axis).includes(wanted) ? wanted : (standard[axis] ?? '');
  }
  const picked = state.picksColumn ? query.get(`fig.${state.roles.column}`) : null;
  state.picked = picked !== null && state.columns.includes(picked) ? picked : null;
  return JSON.stringify([[...state.hidden], state.view, state.curve, state.chosen, state.picked]) !== before;
}

const nameOf = (details: HTMLDetailsElement): string =>
  `${details.closest('figure')?.getAttribute('aria-label') ?? ''} ${details.querySelector('summary')?.textContent ?? ''}`;

/** Which details are unfolded, preserved when the part is rebuilt. */
const opened = (element: HTMLElement): Set<string> => new Set([...element.querySelectorAll<HTMLDetailsElement>('details[open]')].map(nameOf));

/** A part based on the live report: figures are redrawn while the report keeps its shape, and rebuilt when it changes. */
export function reportPart(context: TabContext, shape: (report: Report) => string, build: (state: State) => (HTMLElement | null)[], linked = true,
  places: (state: State) => Record<string, string>[] | null = () => null, also: readonly Resource<unknown>[] = []): Tab {
  const { data, router } = context;
  const element = h('div', { class: 'report-part' });
  let state: State | null = null;
  let shown = '';
  let standard: Record<string, string> = {};
  let reading = false;
  const write = (): void => {
    if (state && linked && !reading) router.set(choicesToQuery(state, standard));
  };
  const fill = (): void => {
    const known = data.report.value;
    if (!known) {
      element.replaceChildren(h('p', { class: 'none waiting-note' }, data.withoutReport));
      return;
    }
    const { report } = known;
    const next = shape(report);
    reading = true;
    if (state && shown === next && state.fits(report)) {
      state.update(report);
    } else {
      const kept = state ? window.scrollY : null;
      const open = opened(element);
      state?.dispose();
      state = new State(report);
      state.numbered = false;
      standard = { ...state.chosen };
      choicesFromQuery(state, standard, router.query);
      shown = next;
      element.replaceChildren(...build(state).filter((e): e is HTMLElement => e !== null));
      state.onChange(write);
      state.onChange(() => { if (!reading && data.report.value?.brief) void groups(); });
      for (const details of element.querySelectorAll('details')) if (open.has(nameOf(details))) details.open = true;
      if (kept !== null) window.scrollTo(0, kept);
    }
    reading = false;
    if (known.brief) void groups();
  };
  /** A large sweep's report has no groups: fetches those of the visible panels. */
  const groups = async (): Promise<void> => {
    const { roles, chosen, rows } = state as State;
    const wheres = places(state as State) ?? (roles.row === null ? [{ ...chosen }] : rows.map((row) => ({ ...chosen, [roles.row as string]: row })));
    if (await data.fetchGroups(wheres)) fill();
  };
  const stops = [data.report.use(fill), ...also.map((resource) => resource.use(fill))];
  fill();
  return {
    element,
    query: (query) => {
      if (!state) return;
      reading = true;
      if (choicesFromQuery(state, standard, query)) state.changed();
      reading = false;
      if (data.report.value?.brief) void groups();
    },
    dispose: () => { for (const stop of stops) stop(); state?.dispose(); },
  };
}

const heading = (text: string): HTMLElement => h('h2', {}, text);
const panel = (...children: (HTMLElement | null)[]): HTMLElement => h('section', { class: 'panel' }, ...children);

/** All figures against reverse step, training step or width. */
export function curvesTab(context: TabContext): Tab {
  const shape = (report: Report): string => {
    const state = new State(report);
    return JSON.stringify([state.rows.filter((r) => hasCurves(state, r)), drawnMetrics(state), hasDiagnostics(state),
      report.groups.some((g) => g.curves.training_loss), report.samples.map((s) => s.dataset),
      report.scatters.map((s) => s.dataset), report.pareto, report.tuning, context.data.report.value?.picturesElsewhere]);
  };
  return reportPart(context, shape, (state) => [
    selectors(state),
    hasTradeOff(state.report) ? panel(heading('Trade-off'), ...tradeOffSection(state)) : null,
    panel(heading('Log-likelihood against reverse step'), ...curvesSection(state)),
    panel(heading(`Final metrics${state.columnName ? ` by ${state.columnName}` : ''}`), ...finalsSection(state)),
    pictured(state, context),
    hasScatters(state) ? panel(heading('Samples beside the truth'), ...scatterSection(state)) : null,
    panel(heading('Steps to threshold'), ...thresholdSection(state)),
    panel(heading('Training loss'), ...lossSection(state)),
    hasTuning(state.report) ? panel(heading('Tuning'), ...tuningSection(state)) : null,
    hasDiagnostics(state) ? panel(heading('Diagnostics'), ...diagnosticsSection(state)) : null,
  ]);
}

/** Samples beside real ones, if the data are images; or a note that they are on other machines. */
function pictured(state: State, context: TabContext): HTMLElement | null {
  const title = 'Samples beside real ones';
  if (hasSamples(state)) return panel(heading(title), ...samplesSection(state));
  return context.data.report.value?.picturesElsewhere ? panel(
    heading(title), h('p', { class: 'none' },
      'The samples are in the trials’ artifacts, none of which are on the server’s machine. A trial’s page says where its own are.')) : null;
}

/** The paired comparisons. */
export function comparisonsTab(context: TabContext): Tab {
  const { router } = context;
  const memory = {
    read: (): ComparisonChoice => {
      const q = router.query;
      const filter: Partial<Filter> = {};
      if (q.has('metric')) filter.metric = q.get('metric') === 'all' ? '' : (q.get('metric') ?? '');
      if (q.has('pair')) filter.pair = q.get('pair') ?? '';
      if (q.has('verdict')) filter.verdict = q.get('verdict') as Filter['verdict'];
      if (q.has('means')) filter.averaged = q.get('means') as Filter['averaged'];
      filter.where = Object.fromEntries([...q].filter(([k]) => k.startsWith('of.')).map(([k, v]) => [k.slice(3), v]));
      const sort = q.get('sort');
      return { filter, sort: sort ? { key: sort as SortKey, descending: q.get('desc') === '1' } : null };
    },
    write: ({ filter, sort }: ComparisonChoice): void => {
      const change: Change = { metric: filter.metric === '' ? 'all'
        : filter.metric, pair: filter.pair, verdict: filter.verdict, means: filter.averaged, sort: sort?.key, desc: sort?.descending ? '1' : null };
      for (const [axis, value] of Object.entries(filter.where ?? {})) change[`of.${axis}`] = value;
      router.set(change, true);
    },
  };
  return reportPart(context, comparisonShape, (state) => [panel(
    heading('Paired comparisons'), ...comparisonSection(state, memory, state.report.facets ? context.data.comparisons : undefined))], false, () => []);
}

/** The spec's expectations, judged by the completed trials. */
export function expectationsTab(context: TabContext): Tab {
  return reportPart(context, (r) => String(r.expectations.length), (state) => {
    const words = h('p');
    const rule = h('p', { class: 'small muted' });
    const list = h('ul', { class: 'claims' });
    const claims = new KeyedList<{ e: Report['expectations'][number]; i: number }>(list, ({ i }) => String(i), () => claimItem());
    const fill = (): void => {
      const { expectations, expectation_rules: rules } = state.report;
      setText(words, rules
        ? `${rules.supported} supported, ${rules.refuted} refuted, ${rules.undecided} undecided${context.data.over ? '.' : ' so far.'} ${rules.registration}`
          : '');
      setText(rule, rules?.method ?? '');
      claims.set(expectations.map((e, i) => ({ e, i })));
    };
    state.onChange(fill);
    fill();
    const logarithmic = (): boolean => state.report.expectations.some((e) => scaleOf(e).kind === 'symlog');
    return [
      panel(heading('Expectations'), words, list, h('details', {}, h('summary', {}, 'How they are judged'), rule)),
      state.report.expectations.length === 0 ? null : panel(figure(state, {
        title: 'Expectations', legend: false, fixed: true,
        rows: () => [{ title: '',
          label: `${plural(state.report.expectations.length, 'claim')} with their intervals against their bounds. The numbers are in the table below `
            + `the figure.`, draw: expectationForest(state.report.expectations) }],
        caption: () =>
          `Each claim on an axis of its own: 95% intervals over ${plural(state.report.sweep.seeds.length, 'seed')}, what satisfies the claim shaded, its `
            + `bound written beneath.${logarithmic() ? ' Where it says log the axis is logarithmic away from zero.' : ''} Hollow: undecided.`,
        table: () => ({
          head: ['claim', 'verdict', 'judged', 'where', 'found', 'verdict there'],
          rows: state.report.expectations.flatMap((e) =>
            e.groups.map((g) => [e.claim, e.verdict, subject(e), place(e, g) || '–', estimate(e, g), g.verdict])),
        }),
      })),
    ];
  }, false, () => []);
}

function claimItem(): Item<{ e: Report['expectations'][number] }> {
  const state = new Chip();
  const claim = h('b');
  const judged = h('span', { class: 'small muted' });
  const found = h('span', { class: 'small' });
  const element = h('li', {}, h('div', { class: 'claim-head' }, state.element, claim), h('div', {}, found), judged);
  return {
    element,
    update: ({ e }) => {
      state.update(e.verdict);
      setText(claim, e.claim || subject(e));
      setText(found, `${mark(e.verdict)} ${outcome(e)}`);
      setText(judged, `judged: ${subject(e)}${e.registered ? `; stated when ${e.registered.completed} of ${e.registered.total} trials had completed` : ''}`);
    },
  };
}
