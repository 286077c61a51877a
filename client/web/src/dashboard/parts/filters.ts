import { h } from '../../dom';
import { axisName } from '../../model/axes';
import type { AxisInfo } from '../model';
import type { Router } from '../router';
import { filterKey, filtersOf } from '../router';

/** The axes with more than one value. */
export const variedAxes = (axes: readonly AxisInfo[]): AxisInfo[] => axes.filter((a) => a.values.length > 1);

/** A filter per axis: all values, or one. Kept in the address. */
export class Filters {
  readonly element: HTMLElement;
  private readonly selects: [string, HTMLSelectElement][];
  private readonly clear: HTMLButtonElement;

  constructor(router: Router, axes: readonly AxisInfo[], seeds: readonly number[] = []) {
    const all = [...variedAxes(axes).map((a): [string, string[]] => [a.name, a.values.map((v) => v.label)]),
      ...(seeds.length > 1 ? [['seed', seeds.map(String)] as [string, string[]]] : [])];
    this.selects = all.map(([axis, values]) => {
      const select = h('select', { change: () => router.set({ [filterKey(axis)]: select.value, at: null }) }, h('option', { value: '' }, 'all'),
        ...values.map((v) => h('option', { value: v }, v)));
      return [axis, select];
    });
    this.clear = h('button', { type: 'button', class: 'quiet', hidden: true, click: () =>
      router.set(Object.fromEntries([...this.selects.map(([axis]) => [filterKey(axis), null]), ['at', null]])) }, 'Clear');
    this.element = h('div', { class: 'controls filters', role: 'group', 'aria-label': 'Filter by axis' },
      ...this.selects.map(([axis, select]) => h('label', { title: axis }, `${axisName(axis)} `, select)), this.clear);
    this.element.hidden = all.length === 0;
  }

  /** Whether there is a filter by seed: rows that stand for all seeds have none. */
  bySeed(is: boolean): void {
    for (const [axis, select] of this.selects) if (axis === 'seed' && select.parentElement) select.parentElement.hidden = !is;
  }

  query(query: URLSearchParams): void {
    const where = filtersOf(query);
    for (const [axis, select] of this.selects) select.value = where[axis] ?? '';
    this.clear.hidden = !this.selects.some(([axis]) => where[axis]);
  }
}
