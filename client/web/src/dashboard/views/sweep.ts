import '../charts';
import { h } from '../../dom';
import { plural } from '../../format';
import { chosenKeys } from '../chosen';
import type { Context, View } from '../context';
import { Undo } from '../context';
import type { SweepDetail } from '../model';
import { SweepActions } from '../parts/actions';
import { Glance } from '../parts/glance';
import { NoteEditor } from '../parts/note';
import { Chip } from '../parts/progress';
import { setAttribute, setText } from '../patch';
import { hrefOf, changed } from '../router';
import { SweepData } from '../sweepData';
import type { Tab, TabContext } from '../tab';
import { compareTab } from '../tabs/compare';
import { comparisonsTab, curvesTab, expectationsTab } from '../tabs/report';
import { failuresTab } from '../tabs/failures';
import { overviewTab } from '../tabs/overview';
import { parametersTab } from '../tabs/parameters';
import { specTab } from '../tabs/spec';
import { trialsTab } from '../tabs/trials';
import { clock } from '../words';

const tabs: { id: string; name: string; make: (context: TabContext) => Tab; keeps: string[]; when?: (d: SweepDetail) => boolean }[] = [
  { id: 'overview', name: 'Overview', make: overviewTab, keeps: ['x', 'y', 'color'] },
  { id: 'curves', name: 'Curves', make: curvesTab, keeps: [] },
  { id: 'comparisons', name: 'Comparisons', make: comparisonsTab, keeps: [] },
  { id: 'expectations', name: 'Expectations', make: expectationsTab, keeps: [], when: (d) => d.expectations > 0 },
  { id: 'parameters', name: 'Axes and metrics', make: parametersTab, keeps: [] },
  { id: 'failures', name: 'Failures', make: failuresTab, keeps: [] },
  { id: 'trials', name: 'Trials', make: trialsTab, keeps: [] },
  { id: 'compare', name: 'Compare', make: compareTab, keeps: [] },
  { id: 'spec', name: 'Spec', make: specTab, keeps: [] },
];

/** A sweep: a summary, and details in tabs. */
export function sweepView(context: Context, id: string): View {
  const undo = new Undo();
  const data = new SweepData(context, id);
  const heading = h('h1', { tabindex: -1 }, '\u00a0');
  const state = new Chip();
  const actions = new SweepActions(context);
  const facts = h('p', { class: 'facts' }, '\u00a0');
  const note = new NoteEditor(context);
  const glance = new Glance(context, data);
  const nav = h('nav', { class: 'tabs', 'aria-label': 'Parts of the sweep' });
  const holder = h('div', { class: 'tab' });
  const element = h('div', {},
    h('p', { class: 'crumb' }, h('a', { href: hrefOf({ view: 'sweeps' }) }, 'Sweeps')),
    h('div', { class: 'head' }, heading, state.element, actions.element), facts, note.element, glance.element, nav, holder);
  const links = new Map<string, HTMLAnchorElement>();
  const counts = new Map<string, HTMLElement>();
  let shown: { id: string; tab: Tab } | null = null;
  let broken = false;

  const head = (): void => {
    const s = data.latest ?? data.detail.value;
    if (!s) return;
    if (heading.textContent !== s.name) {
      setText(heading, s.name);
      document.title = `${s.name} – Sweep`;
    }
    state.sweep(s.state);
    actions.update(s);
    glance.update(s);
    note.update(s);
    const failed = counts.get('failures');
    if (failed) setText(failed, s.failed > 0 ? String(s.failed) : '');
  };

  const route = (query: URLSearchParams): void => {
    const detail = data.detail.value;
    if (!detail) return;
    const available = tabs.filter((t) => t.when?.(detail) ?? true);
    if (links.size === 0) {
      for (const t of available) {
        const count = h('span', { class: 'count' });
        const link = h('a', { href: '' }, t.name, count);
        links.set(t.id, link);
        counts.set(t.id, count);
        nav.append(link);
      }
      const expected = counts.get('expectations');
      if (expected) setText(expected, String(detail.expectations));
      head();
    }
    const wanted = available.find((t) => t.id === query.get('tab')) ?? (available[0] as (typeof tabs)[number]);
    const picked = chosenKeys(query, detail.axes).length;
    const compared = counts.get('compare');
    if (compared) setText(compared, picked > 0 ? String(picked) : '');
    glance.fold(wanted.id !== 'overview');
    for (const [name, link] of links) {
      setAttribute(link, 'href', hrefOf({ view: 'sweep', id }, tabQuery(query, name)));
      setAttribute(link, 'aria-current', name === wanted.id ? 'page' : null);
    }
    if (shown?.id === wanted.id) {
      shown.tab.query(query);
      return;
    }
    shown?.tab.dispose();
    const tab = wanted.make({ ...context, data, detail });
    shown = { id: wanted.id, tab };
    holder.replaceChildren(tab.element);
    // Scroll only the row of tabs, not the page.
    const link = links.get(wanted.id);
    if (link && (link.offsetLeft < nav.scrollLeft || link.offsetLeft + link.offsetWidth > nav.scrollLeft + nav.clientWidth)) nav.scrollLeft =
      link.offsetLeft - 40;
    tab.query(query);
  };

  const known = (): void => {
    const detail = data.detail.value;
    if (!detail) {
      if (data.detail.error !== null) {
        broken = true;
        holder.replaceChildren(h('p', { class: 'warning', role: 'alert' }, data.detail.error));
        setText(heading, 'Sweep');
        glance.element.hidden = true;
      }
      return;
    }
    if (broken) {
      broken = false;
      glance.element.hidden = false;
      holder.replaceChildren();
    }
    setText(facts, [`submitted ${clock(Date.parse(detail.submitted), context.live.now)}`, plural(
      detail.axes.filter((a) => a.values.length > 1).length, 'varied axis', 'varied axes'), plural(detail.seeds.length, 'seed'), detail.id].join(' · '));
    head();
    if (!shown) route(context.router.query);
  };
  undo.add(data.onChange(head), data.detail.use(known), () => shown?.tab.dispose(), () => glance.dispose(), () => data.dispose());
  return { element, title: () => data.latest?.name ?? 'Sweep', query: route, dispose: () => undo.run() };
}

/** Switching tabs keeps the filters and what is chosen to be compared, which apply to several, and drops what belongs to one. */
export function tabQuery(query: URLSearchParams, tab: string): URLSearchParams {
  const kept = new URLSearchParams([...query].filter(([k]) => k.startsWith('where.') || k === 'pick'));
  return changed(kept, { tab: tab === 'overview' ? null : tab });
}
