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

/** Holds one chart: draws it when it comes near the window, and again when the width, the theme or the data change. */
export class ChartHost {
  readonly element: HTMLElement;
  private chart: ECharts | null = null;
  private shown = false;
  private drawnWidth = 0;

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
    this.refresh();
  }

  refresh(): void {
    const width = screen.printing ? printWidth : Math.floor(this.element.clientWidth);
    if (width < 50) return;
    this.drawnWidth = width;
    if (!this.shown && !screen.printing) {
      this.element.style.height = `${this.draw(width, screen.theme).height}px`;
      return;
    }
    const { option, height } = this.draw(width, screen.theme);
    this.element.style.height = `${height}px`;
    this.chart ??= init(this.element, null, { renderer: renderer.kind, width, height });
    this.chart.resize({ width, height });
    this.chart.setOption(option, { notMerge: true });
    this.chart.getZr().flush();
  }

  resize(): void {
    if (!screen.printing && Math.floor(this.element.clientWidth) !== this.drawnWidth) this.refresh();
  }

  dispose(): void {
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
