import { h } from '../dom';
import { figure } from '../figure';
import { mapCaption, mapDraw, mapMetric, mapTable } from '../figures/map';
import { axisName } from '../model/axes';
import type { State } from '../state';

/** Where there are too many rows to take in: all of them by arm, before anything else. */
export function mapSection(state: State): HTMLElement | null {
  const { mapped, arm } = state.roles;
  if (mapped === null || state.report.groups.length === 0) return null;
  const title = `Every ${axisName(mapped) === 'dataset' ? 'data set' : axisName(mapped)} by ${axisName(arm ?? 'arm')}`;
  return h('div', { class: 'map' }, h('h2', {}, title), figure(state, {
    title, legend: false, fixed: true,
    rows: () => [{ title: '', label: `${title}, coloured by ${mapMetric(state).label}. The numbers are in the table below the figure.`,
      draw: mapDraw(state, (row) => { state.chosen[mapped] = row; state.changed(); }) }],
    caption: () => mapCaption(state),
    table: () => mapTable(state),
  }));
}
