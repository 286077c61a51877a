import { h } from '../dom';
import type { Theme } from '../palette';
import { printWidth, screen } from '../screen';
import { init, type ECharts } from './echarts';
import type { Drawing } from './option';
import { renderer } from './renderer';

export type Draw = (width: number, theme: Theme) => Drawing;

const visible = new IntersectionObserver((entries) => {
  for (const e of entries) if (e.isIntersecting) hosts.get(e.target)?.show();
}, { rootMargin: '600px 0px' });
const resized = new ResizeObserver((entries) => {
  for (const e of entries) hosts.get(e.target)?.resize();
});
const hosts = new WeakMap<Element, ChartHost>();
const all = new Set<ChartHost>();

/** Charts to be drawn, one per task: many at once would hold the page up. */
const waiting = new Set<ChartHost>();
let drawing = false;
function later(host: ChartHost): void {
  waiting.add(host);
  if (drawing) return;
  drawing = true;
  const next = (): void => {
    const [first] = waiting;
    drawing = first !== undefined;
    if (!first) return;
    waiting.delete(first);
    setTimeout(next);
    first.refresh();
  };
  setTimeout(next);
}

/** Holds one chart: draws it when it comes near the window, and again when the width, the theme or the data change. */
export class ChartHost {
  readonly element: HTMLElement;
  private chart: ECharts | null = null;
  private shown = false;
  private drawnWidth = 0;
  private press: ((index: number) => void) | undefined;

  constructor(private readonly draw: Draw, label: string) {
    this.element = h('div', { class: 'chart', role: 'img', 'aria-label': label });
    hosts.set(this.element, this);
    all.add(this);
    visible.observe(this.element);
    resized.observe(this.element);
  }

  show(): void {
    if (this.shown) return;
    this.shown = true;
    visible.unobserve(this.element);
    later(this);
  }

  /** Draws anew what is seen, soon; what isn't takes its height at once, so that the page doesn't move. */
  update(): void {
    if (this.shown) later(this);
    else this.refresh();
  }

  refresh(): void {
    waiting.delete(this);
    const width = screen.printing ? printWidth : Math.floor(this.element.clientWidth);
    if (width < 50) return;
    this.drawnWidth = width;
    if (!this.shown && !screen.printing) {
      this.element.style.height = `${this.draw(width, screen.theme).height}px`;
      return;
    }
    const { option, height, press } = this.draw(width, screen.theme);
    this.press = press;
    this.element.style.height = `${height}px`;
    if (!this.chart) {
      this.chart = init(this.element, null, { renderer: renderer.kind, width, height });
      this.chart.on('click', (event) => this.press?.(event.dataIndex));
    } else if (this.chart.getWidth() !== width || this.chart.getHeight() !== height) this.chart.resize({ width, height });
    this.chart.setOption(option, { notMerge: true });
    this.chart.getZr().flush();
  }

  resize(): void {
    if (!screen.printing && Math.floor(this.element.clientWidth) !== this.drawnWidth) this.update();
  }

  dispose(): void {
    waiting.delete(this);
    visible.unobserve(this.element);
    resized.unobserve(this.element);
    this.chart?.dispose();
    this.chart = null;
    all.delete(this);
  }

  static refreshAll(): void {
    for (const host of all) host.refresh();
  }
}

screen.onChange(() => ChartHost.refreshAll());
