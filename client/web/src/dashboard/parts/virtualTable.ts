import { h } from '../../dom';
import { aborted, words } from '../api';
import { moveRow } from '../keys';
import { PageCache, pagesOf, windowOf } from '../pages';
import { setAttribute, setStyle, setText, throttled } from '../patch';

export interface Column<T> {
  key: string;
  name: string;
  /** The width, in CSS grid syntax. */
  width: string;
  numeric?: boolean;
  /** Whether the server can sort by it. */
  sortable?: boolean;
  title?: string;
  /** Not shown unless it is asked for. */
  spare?: boolean;
  /** Fills a cell, which may have another row's content. */
  fill: (cell: HTMLElement, row: T) => void;
}

export interface Source<T> {
  /** @returns the rows from `skip`, and the total. */
  load: (skip: number, take: number, signal: AbortSignal) => Promise<{ total: number; rows: T[] }>;
}

const rowHeight = 36;
const pageSize = 100;
/** More rows would exceed the maximum height of an element. */
const mostRows = 400_000;

interface Line {
  element: HTMLElement;
  cells: HTMLElement[];
  index: number;
}

/** A table of any length: paged, sorted and filtered on the server; the page reuses a screenful of rows. */
export class VirtualTable<T> {
  readonly element: HTMLElement;
  total = 0;
  onTotal: (total: number) => void = () => undefined;
  onSort: (key: string) => void = () => undefined;
  onScroll: (row: number) => void = () => undefined;
  private readonly cache = new PageCache<T>(pageSize, 30);
  private readonly body = h('div', { class: 'vt-body', role: 'rowgroup' });
  private readonly head: HTMLElement;
  private readonly heads: HTMLElement[];
  private readonly error = h('p', { class: 'warning', hidden: true, role: 'alert' });
  private readonly table: HTMLElement;
  private lines: Line[] = [];
  private readonly spare: Line[] = [];
  private requests = new Map<number, AbortController>();
  private generation = 0;
  private first = true;
  private readonly scrolled = throttled(80, () => this.fetch());
  private readonly resized: ResizeObserver;
  private wanted: number | null = null;

  constructor(label: string, private readonly columns: readonly Column<T>[], private readonly source: Source<T>) {
    this.heads = columns.map((c, i) => h('div', { role: 'columnheader', class: c.numeric ? 'number' : null, title: c.title ?? null, 'aria-colindex': i + 1 },
      c.sortable === false ? c.name : h('button', { type: 'button', class: 'sort', click: () => this.onSort(c.key) }, c.name)));
    this.head = h('div', { class: 'vt-head', role: 'rowgroup' }, h('div', { class: 'vt-row', role: 'row', 'aria-rowindex': 1 }, ...this.heads));
    this.table = h('div', { class: 'vt', role: 'table', 'aria-label': label, 'aria-colcount': columns.length }, this.head, this.body);
    this.element = h('div', {}, this.error, h('div', { class: 'vt-scroll', tabindex: 0, role: 'region', 'aria-label': label }, this.table));
    this.table.style.setProperty('--columns', columns.map((c) => c.width).join(' '));
    this.scroller.addEventListener('scroll', () => {
      this.paint();
      this.scrolled();
      this.onScroll(Math.round(this.scroller.scrollTop / rowHeight));
    }, { passive: true });
    this.scroller.addEventListener(moveRow, (event) => this.move((event as CustomEvent<number>).detail));
    this.resized = new ResizeObserver(() => { this.paint(); this.scrolled(); });
    this.resized.observe(this.scroller);
  }

  private get scroller(): HTMLElement {
    return this.element.lastElementChild as HTMLElement;
  }

  sorted(key: string, descending: boolean): void {
    this.columns.forEach((c, i) => setAttribute(this.heads[i] as HTMLElement, 'aria-sort', c.key === key ? (descending ? 'descending' : 'ascending')
      : c.sortable === false ? null : 'none'));
  }

  /** Shows other rows, starting from `row`. */
  reset(row = 0): void {
    this.stop();
    this.cache.clear();
    this.first = true;
    this.marked = null;
    this.focusing = false;
    this.wanted = row;
    this.table.classList.add('loading');
    void this.page(Math.floor(Math.min(row, mostRows) / pageSize));
  }

  /** The rows may have changed: fetches the visible ones again and shows the old ones meanwhile. */
  refresh(): void {
    const { first, last } = this.window;
    for (const page of pagesOf(first, Math.max(last, 1), pageSize)) void this.page(page, true);
  }

  /** Updates loaded rows. */
  change(test: (row: T) => boolean, change: (row: T) => T): void {
    if (this.cache.change(test, change)) this.paint(true);
  }

  /** Fills the visible rows again, of which something beside their data has changed. */
  repaint(): void {
    this.paint(true);
  }

  dispose(): void {
    this.stop();
    this.scrolled.cancel();
    this.resized.disconnect();
  }

  /** Puts the focus on the link of the row so many further on. */
  private move(by: number): void {
    const count = Math.min(this.total, mostRows);
    if (count === 0) return;
    const focused = this.lines.find((l) => l.element.contains(document.activeElement))?.index ?? this.marked;
    const first = Math.ceil(this.scroller.scrollTop / rowHeight);
    const to = Math.min(count - 1, Math.max(0, focused === null ? first : focused + by));
    this.marked = to;
    const room = this.scroller.clientHeight - this.head.offsetHeight - rowHeight;
    const top = to * rowHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top > this.scroller.scrollTop + room) this.scroller.scrollTop = top - room;
    this.paint();
    this.scrolled();
    this.focus();
  }

  /** The row that keys are at; it has the focus as soon as it is there. */
  private marked: number | null = null;
  private focusing = false;

  private focus(): void {
    const link = this.lines.find((l) => l.index === this.marked && !l.element.classList.contains('pending'))?.element.querySelector<HTMLElement>('a[href]');
    this.focusing = link === null || link === undefined;
    link?.focus({ preventScroll: true });
  }

  private stop(): void {
    this.generation++;
    for (const request of this.requests.values()) request.abort();
    this.requests.clear();
  }

  private get window(): { first: number; last: number } {
    return windowOf(this.scroller.scrollTop, this.scroller.clientHeight || 600, rowHeight, Math.min(this.total, mostRows));
  }

  private fetch(): void {
    if (this.first) return;
    const { first, last } = this.window;
    // Prefetch half a page on either side for scrolling.
    const pages = pagesOf(Math.max(0, first - pageSize / 2), Math.min(Math.min(this.total, mostRows), last + pageSize / 2), pageSize);
    // Abort requests for pages scrolled past.
    for (const [page, request] of this.requests) if (!pages.includes(page)) { request.abort(); this.requests.delete(page); }
    for (const page of pages) {
      if (this.cache.has(page)) this.cache.touch(page);
      else void this.page(page);
    }
  }

  private async page(page: number, again = false): Promise<void> {
    if (this.requests.has(page) || (!again && this.cache.has(page))) return;
    const abort = new AbortController();
    const generation = this.generation;
    this.requests.set(page, abort);
    try {
      const { total, rows } = await this.source.load(page * pageSize, pageSize, abort.signal);
      if (generation !== this.generation) return;
      this.error.hidden = true;
      this.cache.put(page, rows);
      this.settle(total);
    } catch (error) {
      if (aborted(error) || generation !== this.generation) return;
      this.error.textContent = `Rows can’t be fetched: ${words(error)}`;
      this.error.hidden = false;
    } finally {
      if (this.requests.get(page) === abort) this.requests.delete(page);
      if (generation === this.generation && this.requests.size === 0) this.table.classList.remove('loading');
    }
  }

  private settle(total: number): void {
    this.total = total;
    this.onTotal(total);
    setStyle(this.body, 'height', `${Math.min(total, mostRows) * rowHeight}px`);
    setAttribute(this.table, 'aria-rowcount', String(total + 1));
    if (this.first) {
      this.first = false;
      this.scroller.scrollTop = (this.wanted ?? 0) * rowHeight;
      this.wanted = null;
      this.fetch();
    }
    this.paint(true);
  }

  /** Positions the rows of the window; rows that stay are only updated if `all`. */
  private paint(all = false): void {
    const { first, last } = this.window;
    const free: Line[] = [];
    const kept = new Map<number, Line>();
    for (const line of this.lines) {
      if (line.index >= first && line.index < last) kept.set(line.index, line);
      else free.push(line);
    }
    free.push(...this.spare.splice(0));
    const next: Line[] = [];
    for (let index = first; index < last; index++) {
      let line = kept.get(index);
      const row = this.cache.row(index);
      if (!line) {
        line = free.pop() ?? this.line();
        if (!line.element.isConnected) this.body.append(line.element);
        line.index = index;
        line.element.style.transform = `translateY(${index * rowHeight}px)`;
        line.element.hidden = false;
        setAttribute(line.element, 'aria-rowindex', String(index + 2));
        this.fill(line, row);
      } else if (all || line.element.classList.contains('pending')) {
        this.fill(line, row);
      }
      next.push(line);
    }
    for (const line of free) {
      line.index = -1;
      line.element.hidden = true;
      // Drops rows of a window that has become smaller.
      if (this.spare.length < 40) this.spare.push(line);
      else line.element.remove();
    }
    this.lines = next;
    if (this.focusing) this.focus();
  }

  private line(): Line {
    const cells = this.columns.map((c, i) => h('div', { role: 'cell', class: c.numeric ? 'number' : null, 'aria-colindex': i + 1 }));
    return { element: h('div', { class: 'vt-row', role: 'row' }, ...cells), cells, index: -1 };
  }

  private fill(line: Line, row: T | undefined): void {
    line.element.classList.toggle('pending', row === undefined);
    this.columns.forEach((c, i) => {
      const cell = line.cells[i] as HTMLElement;
      if (row === undefined) setText(cell, i === 0 ? '…' : '');
      else c.fill(cell, row);
    });
  }
}
