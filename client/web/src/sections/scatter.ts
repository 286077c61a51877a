import { ChartHost } from '../charts/host';
import { h } from '../dom';
import { figure } from '../figure';
import { columnTitle } from '../figures/common';
import { picturePanels } from '../figures/curves';
import { columnsOf, planeWords, scatterOf, scatterRow, scatterRows, scatterTable, stepsOf, strips } from '../figures/scatter';
import type { Scatter } from '../model/report';
import { screen } from '../screen';
import type { State } from '../state';
import type { TableData } from '../table';

/** Milliseconds that a moment is seen when it plays, and the last one before it begins again. */
const pace = 160;

export const hasScatters = (state: State): boolean => state.report.scatters.length > 0;

const words = (state: State, scatter: Scatter | undefined): string => {
  if (!scatter) return 'There are no points of this data set: its samples are pictures, or aren\u2019t here.';
  const seeds = [...new Set(scatter.groups.map((g) => g.seed))].join(', ');
  const moves = stepsOf([scatter]).length > 1;
  return [
    `${scatter.dataset}: true samples that training did not see (grey), and over them the first samples that each arm generated with seed ${seeds}, `
      + 'not chosen.',
    moves && !screen.printing ? 'The slider shows some of them on their way: after a reverse step, mapped back to data space, from the initial noise on.' : '',
    moves && screen.printing ? 'Below: the same after some reverse steps, mapped back to data space, from the initial noise to the end.' : '',
    planeWords(scatter), state.chosenWords && `Shown: ${state.chosenWords}.`,
    'What lies beyond the edge, a quarter of the true samples\u2019 range on either side, is counted in the corner. All samples: artifacts/TRIAL/samples.npy.',
  ].filter(Boolean).join(' ');
};

/** The latest of the same data set, since a live report brings more; where one data set is looked at at a time, that of the one. */
const latest = (state: State, scatter: Scatter): Scatter | undefined => {
  const wanted = state.roles.mapped === 'dataset' ? state.chosen.dataset : scatter.dataset;
  return state.report.scatters.find((s) => s.dataset === wanted);
};

/** Moves all arms of all such figures to one reverse step, by hand or by itself; nothing where no step is known but the last. */
function slider(state: State): HTMLElement[] {
  const steps = stepsOf(state.report.scatters);
  if (steps.length < 2) return [];
  const last = steps.length - 1;
  const range = h('input', { type: 'range', min: 0, max: last, step: 1, 'aria-label': 'Reverse step', input: () => go(Number(range.value)) });
  const said = h('output', { class: 'num' });
  const play = h('button', { type: 'button', click: () => (timer === undefined ? start() : stop()) });
  let timer: ReturnType<typeof setInterval> | undefined;
  const go = (at: number): void => {
    state.step = at >= last ? null : (steps[at] ?? null);
    state.steps.dispatchEvent(new Event('filter'));
  };
  const show = (): void => {
    const step = state.step ?? steps[last] ?? 0;
    range.value = String(Math.max(0, steps.indexOf(step)));
    said.textContent = `step ${step} of ${steps[last]}`;
    range.setAttribute('aria-valuetext', said.textContent);
    play.textContent = timer === undefined ? 'Play' : 'Stop';
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    show();
  };
  const start = (): void => {
    let at = -1;
    timer = setInterval(() => {
      at++;
      go(at);
      if (at >= last) stop();
    }, pace);
    show();
  };
  state.steps.addEventListener('filter', show);
  state.onDispose(stop);
  show();
  return [h('span', { class: 'slider' }, play, range, said)];
}

/** Beside the answer: what the samples of its picture look like. */
export function openingScatter(state: State): HTMLElement | null {
  const [place] = picturePanels(state);
  const scatter = place && scatterOf(state, place.row);
  if (!place || !scatter) return null;
  const column = (): string => nearestColumn(state, latest(state, scatter), picturePanels(state)[0]?.column ?? place.column);
  const titled = state.roles.mapped !== 'dataset';
  const at = titled ? columnTitle(state, column()) : '';
  // On paper there are more rows.
  state.onDispose(screen.onChange(() => {
    state.steps.dispatchEvent(new Event('filter'));
    ChartHost.refreshAll();
  }));
  return figure(state, {
    title: titled ? `Samples beside the truth: ${scatter.dataset}${at ? `, ${at}` : ''}` : 'Samples beside the truth',
    rows: () => {
      const now = latest(state, scatter);
      return now ? [
        scatterRow(state, now, place.row, column(), titled ? '' : [now.dataset, columnTitle(state, column())].filter(Boolean).join(', ')),
        ...(screen.printing ? strips(state, now, place.row, column()) : []),
      ] : [];
    },
    caption: () => [words(state, latest(state, scatter)), at && state.columns.length > 1
      && `Other values of ${state.columnName} are ${state.numbered ? 'below' : 'on the tab Curves'}.`].filter(Boolean).join(' '),
    table: () => tableOf(state, scatter),
    controls: slider(state),
    trigger: state.steps,
  });
}

/** One data set of all, where one is looked at at a time. */
const shownAlone = (state: State): readonly Scatter[] => (state.roles.mapped === 'dataset' ? state.report.scatters.slice(0, 1) : state.report.scatters);

const tableOf = (state: State, scatter: Scatter): TableData => {
  const now = latest(state, scatter);
  return now ? scatterTable(state, now) : { head: [], rows: [] };
};

/** The column nearest to one of which samples are here: of a large sweep's not all are. */
function nearestColumn(state: State, scatter: Scatter | undefined, column: string): string {
  const known = scatter ? columnsOf(state, scatter) : [];
  const at = state.columns.indexOf(column);
  return [...known].sort((a, b) => Math.abs(state.columns.indexOf(a) - at) - Math.abs(state.columns.indexOf(b) - at))[0] ?? column;
}

/** A figure per data set: the arms beside each other, a line for each width. */
export const scatterSection = (state: State): HTMLElement[] => shownAlone(state).map((scatter) => figure(state, {
  title: state.roles.mapped === 'dataset' ? 'Samples beside the truth' : `Samples beside the truth: ${scatter.dataset}`,
  rows: () => {
    const now = latest(state, scatter);
    return now ? scatterRows(state, now) : [];
  },
  caption: () => words(state, latest(state, scatter)),
  table: () => tableOf(state, scatter),
  controls: slider(state),
  trigger: state.steps,
}));
