import { h } from './dom';

export interface TableData {
  head: string[];
  rows: string[][];
}

const most = 400;

/** A plain table of text; very long ones open in parts. */
export function plainTable(data: TableData): HTMLElement {
  const body = h('tbody');
  const table = h('table', {}, h('thead', {}, h('tr', {}, ...data.head.map((t) => h('th', { scope: 'col' }, t)))), body);
  let shown = 0;
  const more = h('button', { type: 'button', click: () => grow() }, 'Show more rows');
  const holder = h('div', {}, table, more);
  const grow = (): void => {
    body.append(...data.rows.slice(shown, shown + most).map((row) =>
      h('tr', {}, ...row.map((cell, i) => (i === 0 ? h('th', { scope: 'row' }, cell) : h('td', {}, cell))))));
    shown = Math.min(data.rows.length, shown + most);
    more.hidden = shown >= data.rows.length;
  };
  grow();
  return holder;
}
