import { figureSvg, swatch, toPng } from './charts/export';
import { ChartHost, type Draw } from './charts/host';
import { draw } from './charts/option';
import type { RowSpec } from './charts/spec';
import { download, fileName, h, svg } from './dom';
import type { ArmStyle, Theme } from './palette';
import { axisName, isNumeric } from './model/axes';
import { screen } from './screen';
import type { State } from './state';
import { plainTable, type TableData } from './table';

/** Lines of a figure that aren't arms, which its legend shows and hides. */
export interface Lines {
  /** What they are, in the plural. */
  label: string;
  names: readonly string[];
  style: (name: string, theme: Theme['name']) => ArmStyle;
  hidden: Set<string>;
}

export interface FigureParts {
  title: string;
  /** Caption under the figure, made anew whenever the reader changes something. */
  caption: () => string;
  /** The rows as data for the common drawing, or drawings of their own. */
  rows: () => (RowSpec | { title: string; draw: Draw; label: string })[];
  /** The numbers behind the drawing. */
  table: () => TableData;
  controls?: HTMLElement[];
  /** What the colours stand for, where it isn't the arms. */
  lines?: Lines;
  /** False for a figure whose colours are not the arms'. */
  legend?: boolean;
  /** True for a figure that stays the same whatever the page's filters show: what is chosen has no place in its title. */
  fixed?: boolean;
  /** Tells the figure, by a `filter` event, that its rows have changed. */
  trigger?: EventTarget;
}

let figures = 0;

/** A numbered figure: controls, legend, charts, caption, downloads, and a table for those who cannot see or want the numbers. */
export function figure(state: State, parts: FigureParts): HTMLElement {
  const number = state.numbered ? ++figures : 0;
  const lines: Lines = parts.lines ?? { label: state.roles.arm
    ?? 'arms', names: state.arms, style: (arm, theme) => state.style(arm, theme), hidden: state.hidden };
  const legend = h('div', { class: 'legend', role: 'group', 'aria-label': `Show or hide ${lines.label}` });
  const body = h('div', { class: 'rows' });
  const caption = h('figcaption');
  const tableHolder = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${parts.title} as a table` });
  const details = h('details', { class: 'data' }, h('summary', {}, 'Numbers as a table'), tableHolder);
  let hosts: ChartHost[] = [];
  let drawings: Draw[] = [];
  let gone = false;

  const fillTable = (): void => {
    if (details.open) tableHolder.replaceChildren(plainTable(parts.table()));
  };
  details.addEventListener('toggle', fillTable);

  const render = (): void => {
    const specs = parts.rows();
    drawings = specs.map((s) => ('draw' in s ? s.draw : (width, theme) => draw(s, width, theme, (name) => lines.style(name, theme.name))));
    const labels = specs.map((s) => ('draw' in s ? s.label : describeRow(parts.title, s)));
    if (hosts.length !== drawings.length || hosts.some((_, i) => hosts[i]?.element.getAttribute('aria-label') !== labels[i])) {
      for (const host of hosts) host.dispose();
      hosts = drawings.map((_, i) => new ChartHost((width, theme) => (drawings[i] as Draw)(width, theme), labels[i] ?? parts.title));
      body.replaceChildren(...hosts.map((host) => host.element));
    }
    for (const host of hosts) host.update();
    caption.replaceChildren(state.numbered ? h('b', {}, `Figure ${number}. `) : '', parts.caption());
    if (parts.legend !== false) fillLegend(legend, state, lines);
    fillTable();
  };

  const arms = (): { name: string; style: ArmStyle }[] =>
    parts.legend === false ? [] : lines.names.filter((name) => !lines.hidden.has(name)).map((name) => ({ name, style: lines.style(name, 'light') }));
  const source = (): string => figureSvg([parts.title, parts.fixed ? null : state.chosenWords].filter(Boolean).join(' – '), arms(), drawings);
  const name = fileName(`${state.report.sweep.name}-${parts.title}`);
  const tools = h('div', { class: 'tools' },
    h('button', { type: 'button', title: 'Save this figure as SVG', click: () => download(`${name}.svg`, new Blob([source()], { type: 'image/svg+xml' })) },
      'SVG'),
    h('button', { type: 'button', title: 'Save this figure as PNG', click: () => void toPng(source())
      .then((b) => download(`${name}.png`, b), (e: unknown) => window.alert(String(e))) }, 'PNG'));
  state.onChange(render);
  parts.trigger?.addEventListener('filter', render);
  state.onDispose(screen.onChange(() => { if (parts.legend !== false) fillLegend(legend, state, lines); }));
  state.onDispose(() => { for (const host of hosts) host.dispose(); hosts = []; gone = true; });
  const element = h('figure', { 'aria-label': state.numbered ? `Figure ${number}: ${parts.title}` : parts.title },
    h('div', { class: 'figure-head' }, parts.legend === false ? h('span') : legend, ...(parts.controls ?? []), tools), body, caption, details);
  // Widths are known only once the figure is in the page.
  queueMicrotask(() => { if (!gone) render(); });
  return element;
}

/** The arms, to show and hide, for a bar that stays in view. */
export function armLegend(state: State): HTMLElement {
  const lines: Lines = { label: state.roles.arm ?? 'arms', names: state.arms, style: (arm, theme) => state.style(arm, theme), hidden: state.hidden };
  const legend = h('div', { class: 'legend', role: 'group', 'aria-label': `Show or hide ${lines.label}` });
  const fill = (): void => fillLegend(legend, state, lines);
  state.onChange(fill);
  state.onDispose(screen.onChange(fill));
  fill();
  return legend;
}

function fillLegend(legend: HTMLElement, state: State, lines: Lines): void {
  // Bare numbers say nothing without what they are of.
  legend.replaceChildren(...(isNumeric(lines.names) ? [h('span', { class: 'legend-of' }, axisName(lines.label))] : []), ...lines.names.map((name) => {
    const picture = svg('svg', { width: 36, height: 14, 'aria-hidden': 'true' }, swatch(lines.style(name, screen.theme.name)));
    const shown = !lines.hidden.has(name);
    return h('button', {
      type: 'button', class: 'arm', 'aria-pressed': String(shown),
      click: () => {
        if (shown) lines.hidden.add(name);
        else lines.hidden.delete(name);
        if (lines.hidden.size === lines.names.length) lines.hidden.clear();
        state.changed();
      },
    }, picture, name);
  }));
}

function describeRow(title: string, row: RowSpec): string {
  const panels = row.panels.map((p) => p.title).filter(Boolean).join('; ');
  const y = row.panels[0]?.y.name ?? '';
  const x = row.panels[0]?.x.name ?? '';
  return `${title}. ${row.title ? `${row.title}: ` : ''}${panels}. ${y} against ${x}. The numbers are in the table below the figure.`;
}
