import { ChartHost } from '../charts';
import { swatch } from '../../charts/export';
import { draw } from '../../charts/option';
import { h, svg } from '../../dom';
import { interval, number } from '../../format';
import { armStyle, type ArmStyle } from '../../palette';
import { screen } from '../../screen';
import { plainTable } from '../../table';
import { linesRow, type LinePicture } from '../lines';

/** A drawing of curves with its legend, its caption and its numbers. */
export class LineFigure {
  readonly element: HTMLElement;
  private readonly host: ChartHost;
  private readonly unscreen: () => void;

  constructor(picture: LinePicture) {
    const row = linesRow(picture);
    const { lines } = picture;
    const style = (name: string, theme: 'light' | 'dark'): ArmStyle => armStyle(lines.find((l) => l.name === name)?.style ?? 0, -1, theme);
    this.host = new ChartHost((width, theme) => draw(row, width, theme, (name) => style(name, theme.name)),
      `${picture.title}. The numbers are in the table below.`);
    const holder = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${picture.title} as a table` });
    const details: HTMLDetailsElement = h('details', { class: 'data', 'data-name': `curve ${picture.title}`, toggle: () => {
      if (details.open && !holder.firstChild) holder.append(plainTable(this.numbers(picture)));
    } }, h('summary', {}, 'Numbers as a table'), holder);
    const keys = h('div', { class: 'keys' });
    const fill = (): void => keys.replaceChildren(...(lines.length > 1 ? lines.map((l) => h('span', {}, svg(
      'svg', { width: 36, height: 14, 'aria-hidden': 'true' }, swatch(style(l.name, screen.theme.name))), l.name)) : []));
    fill();
    this.unscreen = screen.onChange(fill);
    this.element = h('figure', {}, h('h3', {}, picture.title), keys, this.host.element, h('figcaption', {}, picture.caption), details);
  }

  refresh(): void {
    this.host.refresh();
  }

  dispose(): void {
    this.unscreen();
    this.host.dispose();
  }

  /** A row for each place where a line has a point. */
  private numbers(picture: LinePicture): { head: string[]; rows: string[][] } {
    const places = [...new Set(picture.lines.flatMap((l) => [...l.x]))].sort((a, b) => a - b);
    const at = picture.lines.map((l) => new Map(l.x.map((x, i) => [x, i])));
    return { head: [picture.x, ...picture.lines.map((l) => l.name)], rows: places.map((x) => [number(x, 6), ...picture.lines.map((l, i) => {
      const k = at[i]?.get(x);
      return k === undefined ? '' : l.low?.some((v) => v !== null) ? interval(l.y[k], l.low[k], l.high?.[k]) : number(l.y[k], 5);
    })]) };
  }
}
