import { mark } from '../../charts/export';
import { h, svg } from '../../dom';
import { inSentence, number, plural } from '../../format';
import { axisName, isNumeric } from '../../model/axes';
import { armStyle, type ArmStyle, type Theme } from '../../palette';
import { screen } from '../../screen';
import { words } from '../api';
import type { Dimension } from '../brush';
import { ChartHost } from '../charts';
import { axisWords, scatterAxis, scatterDraw, scatterPoints, type ScatterAxis, type ScatterPoint } from '../columnScatter';
import type { Points, TrialPage } from '../model';
import { setText } from '../patch';
import { filterKey, hrefOf } from '../router';
import type { TabContext } from '../tab';
import { whole } from '../words';
import { variedAxes } from './filters';

/** So many trials are listed below the scatter; all are in the trials' table. */
const listed = 100;

/** Trials by any two columns, told apart by the compared axis; each leads to its page. */
export class ScatterPanel {
  readonly element: HTMLElement;
  private readonly selects: Record<'x' | 'y', HTMLSelectElement>;
  private readonly legend = h('ul', { class: 'marks', 'aria-label': 'What the marks stand for' });
  private readonly holder = h('div', {});
  private readonly status = h('p', { class: 'small muted', role: 'status' });
  private readonly table = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Scatter as a table' });
  private readonly details = h('details', { class: 'data' }, h('summary', {}, 'Numbers as a table'), this.table);
  private readonly arm: string | null;
  private readonly arms: readonly string[];
  private readonly baseline: number;
  private readonly stop: () => void;
  private host: ChartHost | null = null;
  private points: ScatterPoint[] = [];
  private x: ScatterAxis | null = null;
  private y: ScatterAxis | null = null;
  private source: Points | null = null;

  constructor(private readonly context: TabContext) {
    const { detail, router } = context;
    const axes = variedAxes(detail.axes);
    this.arm = (axes.find((a) => a.name === detail.baseline_axis) ?? axes[0])?.name ?? null;
    const labels = axes.find((a) => a.name === this.arm)?.values.map((v) => v.label) ?? [''];
    this.arms = isNumeric(labels) ? [...labels].sort((a, b) => Number(a) - Number(b)) : labels;
    this.baseline = this.arm === detail.baseline_axis ? this.arms.indexOf(detail.baseline ?? '') : -1;
    const select = (which: 'x' | 'y'): HTMLSelectElement => {
      const own: HTMLSelectElement = h('select', { change: () => router.set({ [`scatter.${which}`]: own.value }) });
      return own;
    };
    this.selects = { x: select('x'), y: select('y') };
    this.element = h('section', { class: 'panel' }, h('h2', {}, 'Any two columns'),
      h('div', { class: 'controls' }, h('label', {}, 'across ', this.selects.x), h('label', {}, 'up ', this.selects.y)),
      this.legend, this.holder, this.status, this.details);
    this.details.addEventListener('toggle', () => this.fillTable());
    this.stop = screen.onChange(() => this.fillLegend());
  }

  /** @param dimensions All columns that there are, settings first. */
  update(points: Points, dimensions: readonly Dimension[], query: URLSearchParams): void {
    this.source = points;
    const metrics = dimensions.filter((d) => !d.words);
    const main = metrics.find((d) => d.name === this.context.detail.metric) ?? metrics[0];
    // What it costs, or else the next metric: of settings the effects are drawn above.
    const other = metrics.find((d) => d.name === 'train_seconds') ?? metrics.find((d) => d !== main) ?? dimensions[0];
    const pick = (which: 'x' | 'y', standard: Dimension | undefined): Dimension | undefined =>
      dimensions.find((d) => d.name === query.get(`scatter.${which}`)) ?? standard;
    const [x, y] = [pick('x', other), pick('y', main)];
    this.element.hidden = !x || !y;
    if (!x || !y) return;
    for (const [which, chosen] of [['x', x], ['y', y]] as const) {
      const key = JSON.stringify(dimensions.map((d) => [d.name, d.label]));
      if (this.selects[which].dataset.key !== key) {
        this.selects[which].dataset.key = key;
        this.selects[which].replaceChildren(...dimensions.map((d) => h('option', { value: d.name }, d.label)));
      }
      this.selects[which].value = chosen.name;
    }
    this.x = scatterAxis(x, points.rows);
    this.y = scatterAxis(y, points.rows);
    this.points = scatterPoints(points.rows, this.x, this.y, dimensions.find((d) => d.name === this.arm) ?? null);
    const lacking = points.rows.length - this.points.length;
    setText(this.status, [`${plural(this.points.length, 'trial')}${points.sampled ? `, a sample of ${whole(points.total)}` : ''}; press one to open it.`,
      lacking > 0 ? `${whole(lacking)} lack one of the two.` : '',
      [this.x, this.y].some((a) => a.words) ? 'Where a column has words, trials stand a little apart so that all are seen.' : ''].filter(Boolean).join(' '));
    if (!this.host) {
      this.host = new ChartHost((width, theme) => scatterDraw(this.points, this.x as ScatterAxis, this.y as ScatterAxis, this.style,
        (p) => this.settings(p), (p) => void this.open(p))(width, theme), 'Trials by two columns. The numbers are in the table below.');
      this.holder.append(this.host.element);
    }
    this.host.update();
    this.fillLegend();
    this.fillTable();
  }

  dispose(): void {
    this.stop();
    this.host?.dispose();
  }

  private readonly style = (arm: string, theme: Theme['name']): ArmStyle => armStyle(Math.max(0, this.arms.indexOf(arm)), this.baseline, theme);

  private fillLegend(): void {
    const shown = this.arms.filter((a) => this.points.some((p) => p.arm === a));
    this.legend.hidden = shown.length < 2;
    this.legend.replaceChildren(...(this.arm && isNumeric(this.arms) ? [h('li', { class: 'legend-of' }, axisName(this.arm))] : []),
      ...shown.map((a) => h('li', {},
        svg('svg', { width: 14, height: 14, viewBox: '11 0 14 14', 'aria-hidden': 'true' }, mark(this.style(a, screen.theme.name))), a)));
  }

  /** "gaussianize, width 64, seed 2" */
  private settings(p: ScatterPoint): string {
    const axes = variedAxes(this.context.detail.axes);
    const points = this.source as Points;
    return [...axes.map((a) => { const v = String(p.row[points.axes.indexOf(a.name)]); return isNumeric([v]) ? `${axisName(a.name)} ${v}` : v; }),
      `seed ${String(p.row[points.axes.length])}`].join(', ');
  }

  /** The settings that only this trial has, as a filter. */
  private filter(p: ScatterPoint): Record<string, string> {
    const points = this.source as Points;
    return { ...Object.fromEntries(variedAxes(this.context.detail.axes).map((a) => [filterKey(a.name), String(p.row[points.axes.indexOf(a.name)])])),
      [filterKey('seed')]: String(p.row[points.axes.length]) };
  }

  private async open(p: ScatterPoint): Promise<void> {
    const { api, data, router, say } = this.context;
    try {
      const page = await api.get<TrialPage>(`/api/sweeps/${encodeURIComponent(data.id)}/trials?${new URLSearchParams({ ...this.filter(p), take: '1' })}`);
      const trial = page?.trials[0];
      if (trial) router.go(hrefOf({ view: 'trial', id: data.id, trial: trial.id }));
      else say('This trial is no longer there.', 'bad');
    } catch (error) {
      say(`The trial can’t be opened: ${words(error)}`, 'bad');
    }
  }

  private fillTable(): void {
    if (!this.details.open || !this.x || !this.y || !this.source) return;
    const cell = (a: ScatterAxis, p: ScatterPoint): HTMLElement =>
      h('td', { class: a.dimension.words ? null : 'number' }, a.dimension.words ? String(p.row[a.dimension.at])
        : number(p.row[a.dimension.at] as number, 4));
    const [x, y] = [this.x, this.y];
    this.table.replaceChildren(h('table', {},
      h('caption', {}, `${axisWords(y)} against ${inSentence(axisWords(x))}${this.points.length > listed ? `, the first ${listed} of ${
        whole(this.points.length)} trials; all are on the tab Trials` : ''}`),
      h('thead', {}, h('tr', {}, ...['trial', x.dimension.label, y.dimension.label].map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', {}, ...this.points.slice(0, listed).map((p) => h('tr', {}, h('th', { scope: 'row' },
        h('a', { href: hrefOf({ view: 'sweep', id: this.context.data.id }, { tab: 'trials', ...this.filter(p) }) }, this.settings(p))),
      cell(x, p), cell(y, p))))));
  }
}
