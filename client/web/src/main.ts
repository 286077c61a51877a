import './style.css';
import { h } from './dom';
import { axisName, valuesOf } from './model/axes';
import { readReport } from './model/read';
import { screen } from './screen';
import { answerSection } from './sections/answer';
import { comparisonSection } from './sections/comparisons';
import { diagnosticsSection, hasDiagnostics } from './sections/diagnostics';
import { expectationSection } from './sections/expectations';
import { environmentSection, failuresSection, metricsSection, specSection } from './sections/details';
import { curvesSection, finalsSection, lossSection, thresholdSection } from './sections/figures';
import { hasSamples, samplesSection } from './sections/samples';
import { hasScatters, scatterSection } from './sections/scatter';
import { State } from './state';

function selectors(state: State): HTMLElement | null {
  if (state.roles.selectors.length === 0) return null;
  return h('div', { class: 'controls selectors', role: 'group', 'aria-label': 'What the figures show' }, h('span', {}, 'Figures show'),
    ...state.roles.selectors.map((axis) => {
      const select = h('select', { change: () => { state.chosen[axis] = select.value; state.changed(); } },
        ...valuesOf(state.report, axis).map((v) => h('option', { value: v, selected: v === state.chosen[axis] }, v)));
      return h('label', {}, `${axisName(axis)} `, select);
    }));
}

function page(state: State): HTMLElement {
  const has = state.report.groups.length > 0;
  const by = state.columnName ? ` by ${state.columnName}` : '';
  const sections: [string, string, () => HTMLElement[]][] = [
    ...(state.report.expectation_rules || state.report.expectations.length > 0
      ? [['expectations', 'Expectations', () => expectationSection(state)]] as [string, string, () => HTMLElement[]][] : []),
    ...(has ? [
      ['curves', 'Log-likelihood against reverse step', () => curvesSection(state)],
      ['finals', `Final metrics${by}`, () => finalsSection(state)],
      ...(hasSamples(state) ? [['samples', 'Samples beside real ones', () => samplesSection(state)]] : []),
      ...(hasScatters(state) ? [['scatters', 'Samples beside the truth', () => scatterSection(state)]] : []),
      ['steps', 'Steps to threshold', () => thresholdSection(state)],
      ['loss', 'Training loss', () => lossSection(state)],
      ...(hasDiagnostics(state) ? [['diagnostics', 'Diagnostics', () => diagnosticsSection(state)]] : []),
    ] as [string, string, () => HTMLElement[]][] : []),
    ['comparisons', 'Paired comparisons', () => comparisonSection(state)],
    ['failures', 'Failures and notes', () => failuresSection(state)],
    ['spec', 'Spec', () => specSection(state)],
    ['environment', 'Environment', () => environmentSection(state)],
    ['metrics', 'What the metrics mean', () => metricsSection(state)],
  ];
  return h('main', { id: 'page' },
    ...answerSection(state),
    h('nav', { 'aria-label': 'Contents' }, ...sections.map(([id, title]) => h('a', { href: `#${id}` }, title))),
    selectors(state),
    ...sections.map(([id, title, make]) => h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title),
      ...guarded(title, make))));
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

function start(): void {
  let content: HTMLElement;
  try {
    const source = document.getElementById('report')?.textContent;
    if (!source) throw new Error('the page holds no report: element #report; allowed: a script element of type application/json');
    const report = readReport(source);
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

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
