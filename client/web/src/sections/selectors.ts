import { h } from '../dom';
import { axisName, valuesOf } from '../model/axes';
import type { State } from '../state';

/** What the figures show of axes that have no place in them: one value at a time; null where every axis has its place. */
export function selectors(state: State, ...more: HTMLElement[]): HTMLElement | null {
  if (state.roles.selectors.length === 0 && !state.picksColumn) return null;
  const pick = (name: string, options: readonly (readonly [string, string])[], read: () => string, write: (value: string) => void): HTMLElement => {
    const select = h('select', { change: () => { write(select.value); state.changed(); } },
      ...options.map(([value, words]) => h('option', { value, selected: value === read() }, words)));
    state.onChange(() => { select.value = read(); });
    return h('label', {}, `${name} `, select);
  };
  return h('div', { class: 'controls selectors', role: 'group', 'aria-label': 'What the figures show' }, h('span', {}, 'Figures show'),
    ...state.roles.selectors.map((axis) => pick(axisName(axis), valuesOf(state.report, axis).map((v) => [v, v] as const), () => state.chosen[axis] ?? '',
      (v) => { state.chosen[axis] = v; })),
    ...(state.picksColumn ? [pick(state.columnName, [['', 'all'], ...state.columns.map((c) => [c, c] as const)], () => state.picked ?? '',
      (v) => { state.picked = v === '' ? null : v; })] : []),
    ...more);
}
