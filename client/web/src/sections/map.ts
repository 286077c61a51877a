import { h } from '../dom';
import { figure } from '../figure';
import { mapCaption, mapDraw, mapMetric, mapTable, type MapInput } from '../figures/map';
import { axisName } from '../model/axes';
import type { State } from '../state';

/**
 * Where there are too many rows to take in: all of them by arm, before anything else.
 * @param input What it is made of; null while that isn't known.
 */
export function mapSection(state: State, input: () => MapInput | null = () => state.report): HTMLElement | null {
  const { mapped, arm } = state.roles;
  const known = (): MapInput => input() ?? state.report;
  if (mapped === null || known().groups.length === 0) return null;
  const title = `Every ${axisName(mapped) === 'dataset' ? 'data set' : axisName(mapped)} by ${axisName(arm ?? 'arm')}`;
  return h('div', { class: 'map' }, h('h2', {}, title), figure(state, {
    title, legend: false, fixed: true,
    rows: () => [{ title: '', label: `${title}, coloured by ${mapMetric(state).label}. The numbers are in the table below the figure.`,
      draw: mapDraw(state, (row) => { state.chosen[mapped] = row; state.changed(); },
        known()) }],
    caption: () => mapCaption(state),
    table: () => mapTable(state, known()),
  }));
}
