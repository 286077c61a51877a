import { h } from '../../dom';
import { number, withUnit } from '../../format';
import { axisName } from '../../model/axes';
import { highestFirst } from '../best';
import { groupKey } from '../chosen';
import type { AxisInfo, GridCell, MetricInfo, Trial } from '../model';
import { setAttribute, setText } from '../patch';
import { filterKey, hrefOf } from '../router';
import type { TabContext } from '../tab';
import { percent } from '../words';
import { variedAxes } from './filters';
import type { Picks } from './pickBox';
import { chip } from './progress';
import type { Column } from './virtualTable';

const plain = <T>(text: (row: T) => string) => (cell: HTMLElement, row: T): void => setText(cell, text(row));
const axisWidth = (a: AxisInfo): string =>
  `${Math.min(190, Math.max(64, 26 + 8.4 * Math.max(axisName(a.name).length, ...a.values.map((v) => v.label.length))))}px`;
const metricWidth = (m: MetricInfo): string => `${Math.min(220, Math.max(104, 44 + 7.4 * m.label.length))}px`;
const metricTitle = (m: MetricInfo): string => `${withUnit(m.label, m.unit)}; sorted, the ${highestFirst(m) ? 'highest' : 'lowest'} come first`;

/** The columns of the table of trials. */
export function trialColumns(context: TabContext, picks: Picks): Column<Trial>[] {
  const { data, detail } = context;
  const idCell = (cell: HTMLElement, t: Trial): void => {
    let link = cell.firstElementChild as HTMLAnchorElement | null;
    if (!link) {
      link = h('a', { class: 'mono' });
      cell.replaceChildren(link);
    }
    setText(link, t.id.slice(0, 12));
    setAttribute(link, 'href', hrefOf({ view: 'trial', id: data.id, trial: t.id }));
    setAttribute(link, 'title', t.id);
  };
  const stateCell = (cell: HTMLElement, t: Trial): void => {
    const before = cell.firstElementChild;
    // Moves the failure message near the left.
    const help = t.state === 'failed' ? (t.message ?? '') : '';
    if (before instanceof HTMLElement && before.dataset.state === t.state && before.title === help) return;
    cell.replaceChildren(chip(t.state, help));
  };
  return [
    picks.column((t) => t.id, (t) => `trial ${t.id}`),
    { key: 'id', name: 'trial', width: '126px', sortable: false, fill: idCell },
    { key: 'state', name: 'state', width: '116px', sortable: false, fill: stateCell },
    ...variedAxes(detail.axes).map((a): Column<Trial> => ({ key: filterKey(a.name), name: axisName(a.name), title: a.name, sortable: false, width: axisWidth(a),
      fill: plain((t) => t.axes[a.name] ?? '–') })),
    ...(detail.seeds.length > 1 ? [{ key: 'seed', name: 'seed', width: '70px', numeric: true, sortable: false, fill: plain((t: Trial) => String(t.seed)) }]
      : []),
    ...data.metrics.map((m): Column<Trial> => ({ key: m.name, name: m.label, title: metricTitle(m), width: metricWidth(m), numeric: true,
      fill: plain((t) => (t.state === 'completed' ? number(t.metrics[m.name], 4) : '')) })),
    { key: 'attempts', name: 'attempts', width: '92px', numeric: true, fill: plain((t) => (t.attempts > 0 ? String(t.attempts) : '')) },
    { key: 'silo', name: 'silo', width: '150px', sortable: false, fill: plain((t) => t.silo ?? '') },
    {
      key: 'message', name: 'message', width: 'minmax(220px, 1fr)', sortable: false,
      fill: (cell, t) => {
        const text = t.state === 'running' ? [t.phase, t.fraction === null ? '' : percent(t.fraction)].filter(Boolean).join(' ') : (t.message ?? '');
        setText(cell, text);
        setAttribute(cell, 'title', text || null);
      },
    },
  ];
}

/** The columns of the table of groups: a row for all seeds of one setting. */
export function groupColumns(context: TabContext, picks: Picks): Column<GridCell>[] {
  const { data, detail } = context;
  const doneCell = (cell: HTMLElement, c: GridCell): void => {
    let link = cell.firstElementChild as HTMLAnchorElement | null;
    if (!link) {
      link = h('a', {});
      cell.replaceChildren(link);
    }
    setText(link, `${c.completed} of ${c.total}`);
    setAttribute(link, 'href', hrefOf({ view: 'sweep', id: data.id },
      { tab: 'trials', ...Object.fromEntries(variedAxes(detail.axes).map((a) => [filterKey(a.name), c.key[a.name] ?? ''])) }));
    setAttribute(link, 'title', 'Its trials');
  };
  return [
    picks.column((c) => groupKey(c, detail.axes), (c) => `group ${picks.nameOf(c.key)}`),
    ...variedAxes(detail.axes).map((a): Column<GridCell> => ({ key: filterKey(a.name), name: axisName(a.name), title: a.name, width: axisWidth(a),
      fill: plain((c) => c.key[a.name] ?? '–') })),
    { key: 'completed', name: 'completed', width: '104px', fill: doneCell },
    { key: 'failed', name: 'failed', width: '76px', numeric: true, fill: plain((c) => (c.failed > 0 ? String(c.failed) : '')) },
    ...data.metrics.map((m): Column<GridCell> => ({ key: m.name, name: m.label, title: `Mean ${metricTitle(m)}`, width: metricWidth(m), numeric: true,
      fill: plain((c) => number(c.metrics[m.name], 4)) })),
  ];
}

/** Groups under filters, by one column; in spec order without one, and among equals. What has no value comes last. */
export function sortedGroups(cells: readonly GridCell[], axes: readonly AxisInfo[], where: Readonly<Record<string, string>>, sort: string | null,
  descending: boolean): GridCell[] {
  const shown = cells.filter((c) => Object.entries(where).every(([a, v]) => !(a in c.key) || c.key[a] === v));
  if (sort === null) return shown;
  const axis = axes.find((a) => filterKey(a.name) === sort);
  const value = (c: GridCell): number | null => (axis ? axis.values.findIndex((v) => v.label === c.key[axis.name])
    : sort === 'completed' ? c.completed : sort === 'failed' ? c.failed : (c.metrics[sort] ?? null));
  const sign = descending ? -1 : 1;
  return shown.map((c) => ({ c, v: value(c) })).sort((a, b) => (a.v === null || b.v === null ? Number(a.v === null) - Number(b.v === null)
    : sign * (a.v - b.v))).map(({ c }) => c);
}

/** The columns that a narrow screen has room for, what counts first: the compared metric, the settings, and how far it is. */
export function narrowed<T>(columns: readonly Column<T>[], metric: string | undefined): Column<T>[] {
  const order = (c: Column<T>): number => (c.key === 'pick' ? 0 : c.key === metric ? 1 : c.key.startsWith('where.') ? 2 : c.key === 'seed' ? 3
    : c.key === 'state' || c.key === 'completed' ? 4 : c.key === 'id' ? 5 : 9);
  return [...columns].sort((a, b) => order(a) - order(b)).map((c) => (order(c) === 9 ? { ...c, spare: true } : c));
}
