import { init, type ECharts } from '../../charts/echarts';
import { font } from '../../charts/option';
import { h } from '../../dom';
import { number } from '../../format';
import { choose, extent, type Scale } from '../../scales';
import { screen } from '../../screen';
import { position, type Brushes, type Dimension, type Range } from '../brush';
import { css, viridis } from '../../colors';
import type { Points } from '../model';

interface Axis {
  dimension: Dimension;
  scale: Scale | null;
  low: number;
  high: number;
}

/** Trials as lines over axes and metrics. Brushed lines are highlighted; brushes are kept in the address. */
export class Parallel {
  readonly element = h('div', { class: 'parallel', role: 'img',
    'aria-label': 'Parallel coordinates: each line is a trial over the axes and metrics. Ranges can be set below by keyboard.' });
  onBrush: (brushes: Brushes) => void = () => undefined;
  private chart: ECharts | null = null;
  private axes: Axis[] = [];
  private brushes: Record<string, Range> = {};
  private latest: { points: Points; dimensions: Dimension[]; color: Dimension } | null = null;
  /** Axes with brushes set elsewhere. */
  private readonly marked = new Set<number>();
  private held = false;
  private missed = false;
  private quiet = false;
  private width = 0;
  private readonly resized = new ResizeObserver(() => { if (Math.abs(this.element.clientWidth - this.width) > 1) this.draw(); });
  private readonly stop: () => void;

  constructor() {
    this.resized.observe(this.element);
    this.stop = screen.onChange(() => this.draw());
    this.element.addEventListener('pointerdown', () => { this.held = true; });
    window.addEventListener('pointerup', this.released);
  }

  dispose(): void {
    window.removeEventListener('pointerup', this.released);
    this.stop();
    this.resized.disconnect();
    this.chart?.dispose();
    this.chart = null;
  }

  update(points: Points, dimensions: Dimension[], color: Dimension): void {
    const same = this.latest !== null && this.latest.points.rows === points.rows
      && JSON.stringify([this.latest.dimensions, this.latest.color]) === JSON.stringify([dimensions, color]);
    this.latest = { points, dimensions, color };
    if (!same || !this.chart) this.draw();
  }

  /** Shows brushes set elsewhere. */
  brush(brushes: Brushes): void {
    if (JSON.stringify(brushes) === JSON.stringify(this.brushes)) return;
    this.brushes = { ...brushes };
    this.showBrushes();
  }

  // Don't redraw while the user is dragging.
  private readonly released = (): void => {
    this.held = false;
    if (this.missed) this.draw();
  };

  private draw(): void {
    if (!this.latest || !this.element.isConnected) return;
    if (this.held) {
      this.missed = true;
      return;
    }
    this.missed = false;
    const width = (this.width = this.element.clientWidth);
    if (width < 50) return;
    const upright = width < 620;
    const { points, dimensions, color } = this.latest;
    const height = upright ? 46 + dimensions.length * 62 : 380;
    this.element.style.height = `${height}px`;
    this.axes = dimensions.map((dimension) => {
      if (dimension.words) return { dimension, scale: null, low: 0, high: dimension.words.length - 1 };
      const values = points.rows.map((r) => position(dimension, r));
      const scale = choose(values);
      const e = extent(values) ?? { low: 0, high: 1 };
      const [low, high] = [scale.forward(e.low), scale.forward(e.high)];
      return { dimension, scale, low: low === high ? low - 0.5 : low, high: low === high ? high + 0.5 : high };
    });
    // At numbers that are round in the data's units, not on the scale.
    const marks = this.axes.map((a) => a.dimension.words?.map((_, k) => k)
      ?? (a.scale ? a.scale.ticks(a.scale.inverse(a.low), a.scale.inverse(a.high), 7).map(a.scale.forward) : []));
    const theme = screen.theme;
    const own = this.axes.find((a) => a.dimension === color) ?? this.axes[this.axes.length - 1];
    const share = (row: Points['rows'][number]): number | null => {
      const at = position(color, row);
      return at === null || !own ? null : own.high > own.low ? ((own.scale ? own.scale.forward(at) : at) - own.low) / (own.high - own.low) : 0.5;
    };
    const data = points.rows.map((row) => {
      const s = share(row);
      return {
        value: this.axes.map((a) => { const at = position(a.dimension, row); return at === null ? '-' : a.scale ? a.scale.forward(at) : at; }),
        lineStyle: { color: s === null ? theme.muted : css(viridis(theme.name === 'dark' ? 0.18 + 0.82 * s : s * 0.9)) },
      };
    });
    if (!this.chart) {
      this.chart = init(this.element, null, { renderer: 'canvas', width, height });
      this.chart.on('axisareaselected', (event: unknown) => this.selected(event as { parallelAxisId?: string; intervals?: [number, number][] }));
    }
    this.chart.resize({ width, height });
    const dense = points.rows.length;
    this.chart.setOption({
      animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: font, color: theme.ink },
      parallel: upright ? { layout: 'vertical', left: 16, right: 20, top: 44, bottom: 26 } : { layout: 'horizontal', left: 70, right: 80, top: 46, bottom: 30 },
      parallelAxis: this.axes.map((a, i) => ({
        id: `axis-${i}`, dim: i, name: a.dimension.label, realtime: false,
        nameTruncate: { maxWidth: upright ? width - 60 : Math.max(60, (width - 150) / Math.max(1, this.axes.length - 1) - 8) },
        ...(upright ? { nameLocation: 'start', nameGap: 4, nameTextStyle: {
          color: theme.ink, fontSize: 11, fontWeight: 600, fontFamily: font, align: 'left', verticalAlign: 'bottom', padding: [0, 0, 14, 0] } }
            : { nameGap: 18, nameTextStyle: { color: theme.ink, fontSize: 12, fontWeight: 600, fontFamily: font } }),
        // Labels are at integers, so that a brush is a numeric range on every axis.
        type: 'value', min: a.dimension.words ? -0.3 : a.low, max: a.dimension.words ? a.high + 0.3 : a.high,
        axisLine: { lineStyle: { color: theme.line } }, axisTick: { lineStyle: { color: theme.line }, customValues: marks[i] },
        axisLabel: {
          color: theme.muted, fontSize: 11, fontFamily: font, hideOverlap: true, textBorderColor: theme.paper, textBorderWidth: 3, customValues: marks[i],
          formatter: (v: number) => (a.dimension.words ? cut(a.dimension.words[Math.round(v)] ?? '', upright ? 9 : 16) : tickWords(a, v)),
        },
        areaSelectStyle: { width: 18, borderWidth: 1, borderColor: theme.name === 'dark' ? '#6cc0f2' : '#0072b2', color: theme.name === 'dark' ? '#6cc0f2'
          : '#0072b2', opacity: 0.3 },
      })),
      series: [{ type: 'parallel', animation: false, progressive: 400, silent: true, inactiveOpacity: 0.03, activeOpacity: dense > 1500 ? 0.5
        : 0.8, lineStyle: { width: dense > 1000 ? 0.8 : 1.3, opacity: dense > 3000 ? 0.22 : dense > 600 ? 0.4 : 0.65 }, data }],
    }, { notMerge: true });
    this.marked.clear();
    this.showBrushes();
  }

  private showBrushes(): void {
    if (!this.chart) return;
    this.quiet = true;
    this.axes.forEach((a, i) => {
      const range = this.brushes[a.dimension.name];
      // Each action iterates over all lines.
      if (!range && !this.marked.has(i)) return;
      if (range) this.marked.add(i);
      else this.marked.delete(i);
      const at = (v: number): number => Math.min(a.dimension.words ? a.high + 0.3
        : a.high, Math.max(a.dimension.words ? -0.3 : a.low, a.scale ? a.scale.forward(v) : v));
      this.chart?.dispatchAction({ type: 'axisAreaSelect', parallelAxisId: `axis-${i}`, intervals: range ? [[at(range.low), at(range.high)]] : [] });
    });
    this.quiet = false;
  }

  private selected(event: { parallelAxisId?: string; intervals?: [number, number][] }): void {
    const axis = this.axes[Number(event.parallelAxisId?.slice('axis-'.length))];
    if (this.quiet || !axis) return;
    this.marked.add(this.axes.indexOf(axis));
    const next = { ...this.brushes };
    const [first] = event.intervals ?? [];
    if (first) {
      const back = (v: number): number => (axis.scale ? axis.scale.inverse(v) : v);
      next[axis.dimension.name] = { low: back(Math.min(...first)), high: back(Math.max(...first)) };
    } else {
      delete next[axis.dimension.name];
    }
    this.brushes = next;
    this.onBrush(next);
  }
}

/** Rounded as a position on a scale comes back with an error in its last digits. */
const tickWords = (a: Axis, at: number): string => a.scale?.format(Number(a.scale.inverse(at).toPrecision(9))) ?? number(at, 3);

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
