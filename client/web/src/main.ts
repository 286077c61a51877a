import './style.css';
import { h } from './dom';
import { armLegend } from './figure';
import { readReport } from './model/read';
import { hasTradeOff } from './model/tradeoff';
import { hasTuning } from './model/tuning';
import { screen } from './screen';
import { answerSection } from './sections/answer';
import { comparisonSection } from './sections/comparisons';
import { diagnosticsSection, hasDiagnostics } from './sections/diagnostics';
import { expectationSection } from './sections/expectations';
import { fieldSection, hasFields } from './sections/fields';
import { environmentSection, failuresSection, metricsSection, specSection } from './sections/details';
import { curvesSection, finalsSection, lossSection, thresholdSection } from './sections/figures';
import { hasImportance, importanceSection } from './sections/importance';
import { hasSamples, samplesSection } from './sections/samples';
import { hasScatters, scatterSection } from './sections/scatter';
import { hasSearch, searchSection } from './sections/search';
import { tuningSection } from './sections/tuning';
import { selectors } from './sections/selectors';
import { reportText } from './source';
import { tradeOffSection } from './sections/tradeoff';
import { State } from './state';

function page(state: State): HTMLElement {
  const has = state.report.groups.length > 0;
  const mapped = state.roles.mapped !== null;
  const by = state.columnName ? ` by ${state.columnName}` : '';
  const sections: [string, string, () => HTMLElement[]][] = [
    ...(state.report.expectation_rules || state.report.expectations.length > 0
      ? [['expectations', 'Expectations', () => expectationSection(state)]] as [string, string, () => HTMLElement[]][] : []),
    ...(hasTradeOff(state.report) ? [['tradeoff', 'Trade-off', () => tradeOffSection(state)]] as [string, string, () => HTMLElement[]][] : []),
    ...(hasImportance(state.report) ? [['importance', 'What matters', () => importanceSection(state)]] as [string, string, () => HTMLElement[]][] : []),
    ...(hasSearch(state.report.search) ? [['importance', 'What matters', () => searchSection(state)]] as [string, string, () => HTMLElement[]][] : []),
    ...(has ? [
      ['curves', 'Log-likelihood against reverse step', () => curvesSection(state)],
      ['finals', `Final metrics${by}`, () => finalsSection(state)],
      ...(hasSamples(state) ? [['samples', 'Samples beside real ones', () => samplesSection(state)]] : []),
      ...(hasScatters(state) ? [['scatters', 'Samples beside the truth', () => scatterSection(state)]] : []),
      ...(hasFields(state) ? [['fields', 'Latent space, paths and score', () => fieldSection(state)]] : []),
      ['steps', 'Steps to threshold', () => thresholdSection(state)],
      ['loss', 'Training loss', () => lossSection(state)],
      ...(hasDiagnostics(state) ? [['diagnostics', 'Diagnostics', () => diagnosticsSection(state)]] : []),
    ] as [string, string, () => HTMLElement[]][] : []),
    ...(hasTuning(state.report) ? [['tuning', 'Tuning', () => tuningSection(state)]] as [string, string, () => HTMLElement[]][] : []),
    ['comparisons', state.report.search ? 'How they are judged' : 'Paired comparisons', () => comparisonSection(state)],
    ['failures', 'Failures and notes', () => failuresSection(state)],
    ['spec', 'Spec', () => specSection(state)],
    ['environment', 'Environment', () => environmentSection(state)],
    ['metrics', 'What the metrics mean', () => metricsSection(state)],
  ];
  return h('main', { id: 'page', class: 'report' },
    ...answerSection(state, mapped ? selectors(state, armLegend(state)) : null),
    h('nav', { class: 'contents', 'aria-label': 'Contents' }, ...sections.map(([id, title]) => h('a', { href: `#${id}` }, title))),
    mapped ? null : selectors(state),
    ...sections.map(([id, title, make]) => (mapped ? folded : unfolded)(id, title, make)));
}

function unfolded(id: string, title: string, make: () => HTMLElement[]): HTMLElement {
  return h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title), ...guarded(title, make));
}

/** A section that is made when it is opened first: of a large sweep all of them at once would take seconds and pages. */
function folded(id: string, title: string, make: () => HTMLElement[]): HTMLElement {
  const details = h('details', { class: 'fold' }, h('summary', {}, h('h2', { id: `${id}-title` }, title)));
  let made = false;
  details.addEventListener('toggle', () => {
    if (!details.open || made) return;
    made = true;
    details.append(...guarded(title, make));
  });
  const follow = (): void => { if (location.hash === `#${id}`) details.open = true; };
  window.addEventListener('hashchange', follow);
  queueMicrotask(follow);
  return h('section', { id, 'aria-labelledby': `${id}-title` }, details);
}

/** A section that cannot be drawn says so and leaves the others standing. */
function guarded(title: string, make: () => HTMLElement[]): HTMLElement[] {
  try {
    return make();
  } catch (error) {
    console.error(error);
    return [h('p', { class: 'warning' },
      `This section (${title}) could not be drawn: ${error instanceof Error ? error.message : String(error)}. The numbers are in report.json.`)];
  }
}

async function start(): Promise<void> {
  let content: HTMLElement;
  try {
    const report = readReport(await reportText(document));
    document.title ||= `${report.sweep.name} – Sweep report`;
    content = page(new State(report));
  } catch (error) {
    content = h('main', { id: 'page' }, h('p', { class: 'warning', role: 'alert' },
      `The report cannot be shown: ${error instanceof Error ? error.message : String(error)}`));
  }
  document.getElementById('page')?.remove();
  document.body.append(content);
  openForPrint(content);
}

/** Paper cannot be clicked: what is marked so is open while printing. */
function openForPrint(content: HTMLElement): void {
  let opened: HTMLDetailsElement[] = [];
  screen.onChange(() => {
    if (screen.printing) {
      opened = [...content.querySelectorAll<HTMLDetailsElement>('details.print-open:not([open])')];
      for (const d of opened) d.open = true;
    } else {
      for (const d of opened) d.open = false;
      opened = [];
    }
  });
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => void start());
else void start();
