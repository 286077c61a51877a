import { h } from '../../dom';
import { number, withUnit } from '../../format';
import { axisName } from '../../model/axes';
import { choose, extent, type Domain, type Scale } from '../../scales';
import { screen } from '../../screen';
import { css, inkOn, mix, viridis, type Rgb } from '../../colors';
import type { Context } from '../context';
import { gridPerDataSet } from '../perDataSet';
import { fold, keyOf, none, standardAxes, type Folded } from '../fold';
import { endedOf } from '../model';
import type { AxisInfo, MetricInfo, SweepDetail } from '../model';
import { setAttribute, setStyle, setText } from '../patch';
import { filterKey, filtersOf, hrefOf } from '../router';
import type { SweepData } from '../sweepData';
import { countWords, whole } from '../words';
import { variedAxes } from './filters';

/** More cells are indistinguishable on any screen. */
const most = 12_000;

const completed: Record<'light' | 'dark', readonly [Rgb, Rgb]> = { light: [[227, 230, 234], [11, 143, 104]], dark: [[48, 53, 61], [39, 166, 125]] };

interface Square {
  cell: HTMLTableCellElement;
  button: HTMLButtonElement;
  at: { x: string; y: string };
}

/** The grid of a sweep on two axes. Pressing a cell filters by its values. */
export class HeatMap {
  readonly element: HTMLElement;
  private readonly holder = h('div', { class: 'scroll heat-holder' });
  private readonly legend = h('div', { class: 'heat-legend' });
  private readonly detailLine = h('p', { class: 'small heat-detail', role: 'status' });
  private readonly xSelect: HTMLSelectElement;
  private readonly ySelect: HTMLSelectElement;
  private readonly colorSelect: HTMLSelectElement;
  private squares = new Map<string, Square>();
  private order: Square[] = [];
  private columns = 1;
  private laid = '';
  private folded = new Map<string, Folded>();
  /** How a raw log-likelihood is put on one scale over data sets; empty where it is shown as it is. */
  private per = '';
  private readonly standard: { x: string; y: string };
  private readonly stop: (() => void)[];

  constructor(private readonly context: Context, private readonly data: SweepData, private readonly detail: SweepDetail) {
    const { router } = context;
    this.standard = standardAxes(detail.axes, detail.baseline_axis);
    const varied = variedAxes(detail.axes);
    const names = (varied.length > 0 ? varied : detail.axes).map((a) => a.name);
    const options = (): HTMLOptionElement[] => names.map((n) => h('option', { value: n }, axisName(n)));
    const pick = (key: string, own: () => HTMLSelectElement, other: () => HTMLSelectElement): void => {
      const value = own().value;
      // Swap the axes rather than have the same twice.
      const swapped = value === other().value;
      const [here, there] = key === 'x' ? [this.x, this.y] : [this.y, this.x];
      router.set({ [key]: value, ...(swapped ? { [key === 'x' ? 'y' : 'x']: here } : { [key === 'x' ? 'y' : 'x']: there }) });
    };
    this.ySelect = h('select', { change: () => pick('y', () => this.ySelect, () => this.xSelect) }, ...options());
    this.xSelect = h('select', { change: () => pick('x', () => this.xSelect, () => this.ySelect) }, ...options());
    this.colorSelect = h('select', { change: () => router.set({ color: this.colorSelect.value === 'progress' ? null : this.colorSelect.value }) },
      h('option', { value: 'progress' }, 'progress'), h('option', { value: 'failed' }, 'failures'),
        ...data.metrics.map((m) => h('option', { value: m.name }, m.label)));
    this.element = h('div', { class: 'heat' },
      h('div', { class: 'controls' }, h('label', {}, 'down ', this.ySelect), names.length > 1 && h('label', {}, 'across ', this.xSelect),
        h('label', {}, 'colour ', this.colorSelect)),
      this.holder, this.legend, this.detailLine);
    this.stop = [data.grid.use(() => this.draw()), screen.onChange(() => this.draw())];
    this.holder.addEventListener('keydown', (event) => this.key(event));
  }

  dispose(): void {
    for (const step of this.stop) step();
  }

  query(query: URLSearchParams): void {
    const known = (name: string | null): string | null => (this.detail.axes.some((a) => a.name === name) ? name : null);
    this.xSelect.value = known(query.get('x')) ?? this.standard.x;
    this.ySelect.value = known(query.get('y')) ?? this.standard.y;
    const color = query.get('color');
    this.colorSelect.value = color && [...this.colorSelect.options].some((o) => o.value === color) ? color : 'progress';
    this.data.colorGrid(this.detail.metrics.some((m) => m.name === this.colorSelect.value) ? this.colorSelect.value : null);
    this.draw();
  }

  private get x(): string {
    return this.xSelect.value === this.ySelect.value ? none : this.xSelect.value;
  }

  private get y(): string {
    return this.ySelect.value;
  }

  private labels(axis: string): string[] {
    return axis === none ? [''] : (this.detail.axes.find((a: AxisInfo) => a.name === axis)?.values.map((v) => v.label) ?? ['']);
  }

  private draw(): void {
    const grid = this.data.grid.value;
    if (!grid) {
      if (this.laid === '') this.holder.replaceChildren(h('p', { class: 'none' }, this.data.grid.error ?? 'Loading …'));
      return;
    }
    const where = filtersOf(this.context.router.query);
    const metric = this.detail.metrics.find((m) => m.name === this.colorSelect.value);
    // Squares that the filters leave out don't say which data sets are in view.
    const shown = (key: Readonly<Record<string, string>>): boolean => Object.entries(where).every(([a, v]) => a === 'seed' || key[a] === v);
    const made = metric ? gridPerDataSet(grid, metric, shown) : { grid, per: '' };
    this.per = made.per;
    this.folded = fold(made.grid, this.x, this.y, where);
    const [xs, ys] = [this.labels(this.x), this.labels(this.y)];
    if (xs.length * ys.length > most) {
      this.laid = '';
      this.holder.replaceChildren(h('p', { class: 'none' },
        `${whole(xs.length * ys.length)} cells are too many to distinguish; choose axes with fewer values.`));
      return;
    }
    const layout = JSON.stringify([this.x, this.y, xs, ys]);
    if (layout !== this.laid) this.lay(xs, ys);
    this.laid = layout;
    this.paint(where);
  }

  /** Builds the table; afterwards only colours and texts of cells change. */
  private lay(xs: string[], ys: string[]): void {
    this.squares = new Map();
    this.order = [];
    this.columns = xs.length;
    const words = this.x === none ? '' : axisName(this.x);
    const dense = xs.length > 24;
    const rows = ys.map((y) => h('tr', {}, h('th', { scope: 'row' }, y), ...xs.map((x) => {
      const button = h('button', { type: 'button', tabindex: -1, click: () => this.press(x, y), focus: () => this.tell(x, y), mouseenter: () =>
        this.tell(x, y) });
      const cell = h('td', {}, button);
      const square = { cell, button, at: { x, y } };
      this.squares.set(keyOf(x, y), square);
      this.order.push(square);
      return cell;
    })));
    const first = this.order[0];
    if (first) first.button.tabIndex = 0;
    const table = h('table', { class: dense ? 'heat-table dense' : 'heat-table' },
      h('caption', { class: 'offscreen' }, `Grid of the sweep: ${axisName(this.y)} down${words ? `, ${words} across` : ''}`),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'corner' }, axisName(this.y), words
        ? h('span', { class: 'offscreen' }, ` down, ${words} across`) : ''), ...xs.map((x) => (x === '' ? h('td') : h('th', { scope: 'col' }, x))))),
      h('tbody', {}, ...rows));
    table.style.setProperty('--label', `${Math.min(16, Math.max(5, ...[...ys, axisName(this.y)].map((t) => t.length * 0.62 + 1)))}em`);
    this.holder.replaceChildren(table);
  }

  private paint(where: Readonly<Record<string, string>>): void {
    const color = this.colorSelect.value;
    const metric = this.detail.metrics.find((m) => m.name === color);
    const theme = screen.theme.name;
    const values = metric ? [...this.folded.values()].map((f) => f.metrics[metric.name] ?? null) : [];
    const scale = choose(values);
    const domain = extent(values);
    for (const square of this.order) {
      const f = this.folded.get(keyOf(square.at.x, square.at.y));
      const look = this.look(f, color, metric, scale, domain, theme);
      setStyle(square.cell, '--cell', look.fill ? css(look.fill) : '');
      setStyle(square.cell, '--cell-ink', look.fill ? css(inkOn(look.fill)) : '');
      setText(square.button, look.text);
      const marks = `${f && f.running > 0 ? 'running ' : ''}${f && f.failed > 0 ? 'failed' : ''}`.trim();
      setAttribute(square.cell, 'data-marks', marks || null);
      setAttribute(square.cell, 'data-empty', look.fill ? null : 'yes');
      const picked = (where[this.x] === square.at.x || (where[this.x] ?? '') === '') && (where[this.y] === square.at.y || (where[this.y] ?? '') === '');
      setAttribute(square.cell, 'data-out', picked ? null : 'yes');
      setAttribute(square.button, 'aria-pressed', String(where[this.x] === square.at.x && where[this.y] === square.at.y));
      setAttribute(square.button, 'aria-label', `${look.text ? `${look.text}; ` : ''}${this.describe(square.at.x, square.at.y, f)}`);
    }
    this.fillLegend(metric, scale, domain, color);
  }

  private look(f: Folded | undefined, color: string, metric: MetricInfo | undefined, scale: Scale, domain: Domain | null, theme: 'light' | 'dark'): {
    fill: Rgb | null; text: string } {
    if (!f || f.total === 0) return { fill: null, text: '' };
    if (metric) {
      const value = f.metrics[metric.name];
      if (value === null || value === undefined || !domain) return { fill: null, text: '' };
      const [low, high] = [scale.forward(domain.low), scale.forward(domain.high)];
      return { fill: viridis(high > low ? (scale.forward(value) - low) / (high - low) : 0.5), text: number(value, 3) };
    }
    const [from, to] = completed[theme];
    if (color === 'failed') return { fill: mix(from, theme === 'light' ? [196, 62, 30] : [226, 103, 74], f.failed / f.total), text: f.failed > 0
      ? whole(f.failed) : '' };
    const ended = endedOf(f);
    return { fill: mix(from, to, ended / f.total), text: ended === 0 ? '' : f.total <= 999 ? `${ended}/${f.total}`
      : `${Math.floor((100 * ended) / f.total)}%` };
  }

  private fillLegend(metric: MetricInfo | undefined, scale: Scale, domain: Domain | null, color: string): void {
    const key = JSON.stringify([color, domain, screen.theme.name, scale.kind, this.per]);
    if (this.legend.dataset.key === key) return;
    this.legend.dataset.key = key;
    const bar = h('span', { class: 'heat-bar', 'aria-hidden': 'true' });
    const at = (share: number): Rgb => (metric ? viridis(share)
      : mix(completed[screen.theme.name][0], color === 'failed' ? (screen.theme.name === 'light' ? [196, 62, 30] : [226, 103, 74])
        : completed[screen.theme.name][1], share));
    bar.style.background = `linear-gradient(90deg, ${[0, 0.2, 0.4, 0.6, 0.8, 1].map((s) => css(at(s))).join(', ')})`;
    const [low, high] = metric ? (domain ? [number(domain.low), number(domain.high)] : ['', '']) : color === 'failed' ? ['none failed', 'all failed']
      : ['none ended', 'all ended'];
    const better = metric?.better === 'higher' ? 'higher is better' : metric?.better === 'lower' ? 'lower is better' : metric?.better === 'truth_level'
      ? 'nearer to the truth level is better' : '';
    this.legend.replaceChildren(h('span', { class: 'num' }, low), bar, h('span', { class: 'num' }, high),
      ...(metric ? [h('span', { class: 'muted' }, [withUnit(metric.label, metric.unit), this.per, 'mean over completed trials', better, scale.kind === 'linear'
        ? '' : 'logarithmic colours'].filter(Boolean).join('; '))] : []),
      h('span', { class: 'muted key-running' }, 'running'), h('span', { class: 'muted key-failed' }, 'some failed'));
  }

  private describe(x: string, y: string, f: Folded | undefined): string {
    const place = [[this.y, y], [this.x, x]].filter(([axis]) => axis !== none).map(([axis, v]) => `${axisName(axis as string)} ${v}`).join(', ');
    const metric = this.detail.metrics.find((m) => m.name === this.colorSelect.value);
    const value = metric ? f?.metrics[metric.name] : undefined;
    const count = `${place}: ${f && f.total > 0 ? countWords(f) : 'not in this sweep'}`;
    if (!metric) return count;
    const shown = typeof value === 'number' ? [number(value, 4), metric.unit].filter(Boolean).join(' ') : 'not measured yet';
    return `${count}; ${[metric.label, this.per].filter(Boolean).join(', ')} ${shown}`;
  }

  private tell(x: string, y: string): void {
    const f = this.folded.get(keyOf(x, y));
    const place = hrefOf({ view: 'sweep', id: this.data.id },
      Object.fromEntries([['tab', 'trials'], ...this.place(x, y), ...Object.entries(filtersOf(this.context.router.query))
        .filter(([a]) => a !== this.x && a !== this.y).map(([a, v]): [string, string] => [filterKey(a), v])]));
    this.detailLine.replaceChildren(`${this.describe(x, y, f)}. `, h('a', { href: place }, 'Its trials'));
  }

  private place(x: string, y: string): [string, string][] {
    return ([[this.x, x], [this.y, y]] as [string, string][]).filter(([axis]) => axis !== none).map(([axis, v]) => [filterKey(axis), v]);
  }

  private press(x: string, y: string): void {
    const where = filtersOf(this.context.router.query);
    const own = this.place(x, y);
    const same = own.every(([key, v]) => where[key.slice('where.'.length)] === v);
    this.context.router.set(Object.fromEntries(own.map(([key, v]) => [key, same ? null : v])));
    this.tell(x, y);
  }

  /** Arrow keys move between cells; only one is a tab stop. */
  private key(event: KeyboardEvent): void {
    const at = this.order.findIndex((s) => s.button === event.target);
    if (at < 0) return;
    const [row, column] = [Math.floor(at / this.columns), at % this.columns];
    const rows = Math.ceil(this.order.length / this.columns);
    const to = { ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], Home: [row, 0],
      End: [row, this.columns - 1] }[event.key];
    if (!to) return;
    event.preventDefault();
    const next = this.order[Math.min(rows - 1, Math.max(0, to[0] as number)) * this.columns + Math.min(this.columns - 1, Math.max(0, to[1] as number))];
    if (!next) return;
    (this.order[at] as Square).button.tabIndex = -1;
    next.button.tabIndex = 0;
    next.button.focus();
  }
}
