import { h } from '../../dom';
import { unbroken } from '../../format';
import { picturePanels } from '../../figures/curves';
import { opening, openingTitle } from '../../sections/answer';
import { hasSamples, samplesSection } from '../../sections/samples';
import { mapSection } from '../../sections/map';
import { openingScatter } from '../../sections/scatter';
import type { RunningCurve, Trial } from '../model';
import { Filters } from '../parts/filters';
import { HeatMap } from '../parts/heatmap';
import { Sparkline } from '../parts/sparkline';
import { KeyedList, setStyle, setText, type Item } from '../patch';
import { hrefOf } from '../router';
import { percent } from '../words';
import type { Tab, TabContext } from '../tab';
import { reportPart } from './report';

/** More would leave empty space beside the grid. */
const shownRunning = 7;

/** Pictures of more groups are beside the curves. */
const mostPictured = 12;

/** The grid, running trials, and the first figure of the report. */
export function overviewTab(context: TabContext): Tab {
  const { data, detail, live, router } = context;
  const map = new HeatMap(context, data, detail);
  const filters = new Filters(router, detail.axes);
  const words = h('p', { class: 'none' });
  const rows = h('ul', { class: 'running-list' });
  const more = h('p', { class: 'small', hidden: true }, h('a', { href: hrefOf({ view: 'sweep', id: data.id }, { tab: 'trials', state: 'running' }) },
    'All that run'));
  const running = new KeyedList<Running>(rows, (t) => t.id, () => runningItem(context));
  const findings = reportPart(context, (r) => JSON.stringify(
    [r.answer.picture, r.answer.pictures, r.groups.length > 0, r.groups.some((g) => g.curves.log_likelihood), r.answer.key_findings, r.answer.sentences.length,
      r.samples.map((s) => s.dataset), r.scatters.map((s) => s.dataset), data.over, data.map.value !== null]), (state) => {
    const found = state.report.answer.key_findings.length > 0 ? state.report.answer.key_findings : state.report.answer.sentences.slice(0, 8);
    const picture = state.report.groups.length > 0 ? opening(state) : null;
    const scatter = openingScatter(state);
    const summary = mapSection(state, () => (data.report.value?.brief ? data.map.value : state.report));
    return [
      summary && h('section', { class: 'panel' }, summary),
      hasSamples(state) && state.report.samples.every((s) => s.groups.length <= mostPictured)
        ? h('section', { class: 'panel' }, h('h2', {}, 'Samples beside real ones'), ...samplesSection(state)) : null,
      picture && h('section', { class: 'panel' }, h('h2', {}, openingTitle(state)), picture),
      scatter && h('section', { class: 'panel' }, h('h2', {}, 'Samples beside the truth'), scatter),
      found.length > 0 ? h('section', { class: 'panel' }, h('h2', {}, data.over ? 'What the report finds' : 'What the report finds so far'),
        h('ul', { class: 'sentences' }, ...found.map((s) => h('li', {}, unbroken(s))))) : null,
    ];
  }, true, (state) => picturePanels(state).map(({ row, column }) =>
    ({ ...state.chosen, ...(state.roles.row === null ? {} : { [state.roles.row]: row }),
      ...(state.roles.column === null ? {} : { [state.roles.column]: column }) })), [data.map]);
  const fill = (): void => {
    const now = live.running;
    running.set(now.slice(0, shownRunning).map((t) => ({ ...t, live: live.curves.get(t.id) })));
    const total = data.latest?.running ?? now.length;
    setText(words, total === 0 ? (data.over ? 'Nothing is running any more.' : 'Nothing is running at the moment.') : now.length === 0 ? `${total} under way.`
      : total > shownRunning ? `${total} running; the first ${shownRunning} are shown.` : '');
    more.hidden = total <= shownRunning;
    words.hidden = words.textContent === '';
    // A finished sweep has no running trials.
    element.classList.toggle('over', data.over);
    const idle = data.over && now.length === 0;
    aside.hidden = idle;
    columns.classList.toggle('wide', idle);
  };
  const aside = h('section', { class: 'panel running-panel' }, h('h2', {}, 'Running now'), words, rows, more);
  const columns = h('div', { class: 'columns' }, h('section', { class: 'panel' }, h('h2', {}, 'Grid'), filters.element, map.element), aside);
  const stop = [live.on('running', fill), live.on('curves', fill), data.onChange(fill)];
  const element = h('div', { class: 'overview' }, columns, findings.element);
  fill();
  return {
    element,
    query: (query) => { filters.query(query); map.query(query); findings.query(query); },
    dispose: () => { for (const step of stop) step(); map.dispose(); findings.dispose(); },
  };
}

/** A running trial, with what its silo tells where one does. */
type Running = Trial & { live: RunningCurve | undefined };

function runningItem(context: TabContext): Item<Running> {
  const link = h('a', {});
  const what = h('span', { class: 'small muted' });
  const fill = h('span', { class: 'part running' });
  const share = h('span', { class: 'small num share' });
  const bar = h('div', { class: 'progress thin', 'aria-hidden': 'true' }, fill);
  const curve = new Sparkline();
  return {
    element: h('li', {}, h('div', { class: 'running-head' }, link, share), bar, h('div', { class: 'running-foot' }, what, curve.element)),
    update: (t) => {
      const varied = context.detail.axes.filter((a) => a.values.length > 1).map((a) => t.axes[a.name] ?? '');
      setText(link, `${varied.join(' · ') || t.id}, seed ${t.seed}`);
      const href = hrefOf({ view: 'trial', id: context.data.id, trial: t.id });
      if (link.getAttribute('href') !== href) link.href = href;
      // The store hears of progress with the lease's heartbeat, every ten seconds or so; the silo tells it twice a second.
      const fraction = t.live?.fraction ?? t.fraction;
      setStyle(fill, 'width', `${((fraction ?? 0) * 100).toFixed(1)}%`);
      bar.hidden = fraction === null;
      setText(share, fraction === null ? '' : percent(fraction));
      curve.update(t.live);
      setText(what, [t.live?.phase ?? t.phase, t.silo ? `on ${t.silo}` : '', t.attempts > 1 ? `attempt ${t.attempts}` : ''].filter(Boolean).join(' '));
    },
  };
}
