import { h } from '../../dom';
import { choiceOf, chosenKeys, mostChosen, toggled } from '../chosen';
import { variedAxes } from './filters';
import { setAttribute } from '../patch';
import { hrefOf } from '../router';
import type { TabContext } from '../tab';
import type { Column } from './virtualTable';

/** The boxes by which rows of a table are chosen to be compared, and what is chosen so far. Kept in the address. */
export class Picks {
  readonly element = h('p', { class: 'controls picks', role: 'status', hidden: true });
  private keys: string[] = [];

  constructor(private readonly context: TabContext) {}

  /** @returns whether something changed. */
  query(query: URLSearchParams): boolean {
    const next = chosenKeys(query, this.context.detail.axes);
    if (next.join() === this.keys.join()) return false;
    this.keys = next;
    const { router, data, detail } = this.context;
    const groups = next.filter((k) => choiceOf(k, detail.axes)?.kind === 'group').length;
    const words = [[next.length - groups, 'trial'], [groups, 'group']].flatMap(([n, what]) => ((n as number) > 0 ? [`${n} ${what}${n === 1 ? '' : 's'}`] : []));
    this.element.hidden = next.length === 0;
    this.element.replaceChildren(h('span', {}, `${words.join(' and ')} chosen${next.length === mostChosen ? ', which are as many as can be' : ''}`),
      h('a', { href: hrefOf({ view: 'sweep', id: data.id }, { tab: 'compare', pick: next.join(',') }) }, 'Compare'),
      h('button', { type: 'button', class: 'quiet', click: () => router.set({ pick: null }, true) }, 'Choose none'));
    return true;
  }

  /** The column of boxes. */
  column<T>(keyOf: (row: T) => string, name: (row: T) => string): Column<T> {
    return { key: 'pick', name: 'pick', title: `Choose up to ${mostChosen} to compare`, width: '34px', sortable: false, fill: (cell, row) => {
      let box = cell.firstElementChild as HTMLInputElement | null;
      if (!box) {
        const made = h('input', { type: 'checkbox', change: () => this.context.router.set({ pick: toggled(this.keys, made.value) }, true) });
        cell.replaceChildren(made);
        box = made;
      }
      const key = keyOf(row);
      box.value = key;
      box.checked = this.keys.includes(key);
      box.disabled = !box.checked && this.keys.length >= mostChosen;
      setAttribute(box, 'aria-label', `Compare ${name(row)}`);
    } };
  }

  /** The name of a group in words. */
  nameOf(key: Readonly<Record<string, string>>): string {
    return variedAxes(this.context.detail.axes).map((a) => key[a.name] ?? '–').join(', ') || 'all trials';
  }
}
