import { ChartHost } from '../charts';
import { draw } from '../../charts/option';
import type { RowSpec } from '../../charts/spec';
import { h } from '../../dom';
import { inSentence, interval, number, plural, withUnit } from '../../format';
import { axisName, isNumeric } from '../../model/axes';
import { armStyle } from '../../palette';
import { choose, extent, linear, padded } from '../../scales';
import { hasImportance, importanceSection } from '../../sections/importance';
import { plainTable } from '../../table';
import { brushText, inside, position, readBrushes, type Dimension, type Range } from '../brush';
import { effectOf, type Effect } from '../effects';
import type { MetricInfo, Points } from '../model';
import { Filters, variedAxes } from '../parts/filters';
import { Parallel } from '../parts/parallel';
import { ScatterPanel } from '../parts/scatterPanel';
import { distance, pointsPerDataSet, truthLevels } from '../perDataSet';
import { setText, throttled } from '../patch';
import { filterKey, filtersOf, hrefOf } from '../router';
import { whole } from '../words';
import type { Tab, TabContext } from '../tab';
import { reportPart } from './report';

const shownMetrics = 4;

/** Parallel coordinates over axes and metrics, the effect of each axis, any two columns, and how much of the variance each axis explains. */
export function parametersTab(context: TabContext): Tab {
  const { data, detail, router } = context;
  const axes = variedAxes(detail.axes);
  const metrics = data.metrics;
  const main = metrics.find((m) => m.name === detail.metric) ?? metrics[0];
  const filters = new Filters(router, detail.axes);
  const parallel = new Parallel();
  const metricSelect = h('select', { change: () => router.set({ metric: metricSelect.value === main?.name ? null : metricSelect.value }) },
    ...metrics.map((m) => h('option', { value: m.name }, m.label)));
  const boxes = metrics.map((m): [string, HTMLInputElement] =>
    [m.name, h('input', { type: 'checkbox', change: () => router.set(
      { lines: boxes.filter(([, b]) => b.checked).map(([n]) => n).join(',') || 'none' }, true) })]);
  const status = h('p', { class: 'small', role: 'status' });
  const clear = h('button', { type: 'button', class: 'quiet', hidden: true, click: () => router.set({ brush: null }) }, 'Clear brushes');
  const best = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Trials within the brushes' });
  const ranges = h('div', { class: 'ranges' });
  const effectsHolder = h('div', {});
  const effectsWords = h('p', { class: 'small muted' });
  const effectsTable = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Effects as a table' });
  const effectsDetails = h('details', { class: 'data' }, h('summary', {}, 'Numbers as a table'), effectsTable);
  const none = h('p', { class: 'none waiting-note' });
  const parts = h('div', {},
    h('section', { class: 'panel' }, h('h2', {}, 'Parallel coordinates'),
      h('p', { class: 'small muted' },
        'Each line is a completed trial. Drag along an axis to select a range; drag the range to move it, click beside it to clear it.'),
      parallel.element, h('div', { class: 'controls' }, status, clear), best,
      h('details', {}, h('summary', {}, 'Lines shown, and ranges by keyboard'),
        h('div', { class: 'controls' }, ...boxes.map(([n, b]) => h('label', {}, b, ` ${metrics.find((m) => m.name === n)?.label ?? n}`))), ranges)),
    h('section', { class: 'panel' }, h('h2', {}, 'Effect of each axis'), effectsWords, effectsHolder, effectsDetails));
  const scatter = new ScatterPanel(context);
  parts.append(scatter.element);
  // Of all completed trials, whatever the filters.
  const matters = reportPart(context, (r) => JSON.stringify(r.importance), (state) => [
    hasImportance(state.report) ? h('section', { class: 'panel' }, h('h2', {}, 'What matters'), ...importanceSection(state)) : null], false, () => []);
  const element = h('div', {}, h('div', { class: 'panel slim' }, h('div', { class: 'controls' }, h('label', {}, 'metric ', metricSelect)), filters.element),
    none, parts, matters.element);

  let query = router.query;
  let effects: Effect[] = [];
  let host: ChartHost | null = null;
  let metric: MetricInfo | undefined = main;

  /** The columns of settings and of those metrics. */
  const dimensions = (points: Points, shown: (name: string) => boolean): Dimension[] => {
    const seedAt = points.axes.length;
    return [
      ...axes.map((a): Dimension => ({ name: a.name, label: axisName(a.name), at: points.axes.indexOf(a.name), words: a.values.map((v) => v.label) })),
      ...points.metrics.flatMap((name, i): Dimension[] => {
        const m = metrics.find((x) => x.name === name);
        return m && shown(name) ? [{ name, label: labelOf(m), at: seedAt + 1 + i, words: null }] : [];
      }),
    ].filter((d) => d.at >= 0);
  };

  /** How raw log-likelihoods of several data sets are put on one scale, by metric. */
  let per = new Map<string, string>();
  const labelOf = (m: MetricInfo | undefined): string => (m ? [m.label, per.get(m.name) ?? ''].filter(Boolean).join(', ') : '');

  const filtered = (points: Points): Points => {
    const where = Object.entries(filtersOf(query)).filter(([a]) => points.axes.includes(a));
    return where.length === 0 ? points : { ...points, rows: points.rows.filter((r) => where.every(([a, v]) => String(r[points.axes.indexOf(a)]) === v)) };
  };

  const fill = (): void => {
    const all = data.points.value;
    const made = all ? pointsPerDataSet(filtered(all), metrics) : null;
    const points = made?.points ?? null;
    per = made?.per ?? new Map();
    const any = points !== null && points.rows.length > 0 && metric !== undefined;
    parts.hidden = !any;
    none.hidden = any;
    matters.element.hidden = data.report.value === null;
    if (!any || !points || !metric) {
      setText(none, data.points.error ?? (data.points.loaded
        ? (all && all.rows.length > 0 ? 'No completed trial passes the filters.' : 'Nothing has completed yet. This fills in as trials complete.')
          : 'Loading …'));
      return;
    }
    const wanted = query.get('lines')?.split(',') ?? metrics.slice(0, shownMetrics).map((m) => m.name);
    const dims = dimensions(points, (name) => wanted.includes(name) || name === metric?.name);
    const color = dims.find((d) => d.name === metric?.name) ?? (dims[dims.length - 1] as Dimension);
    parallel.update(points, dims, color);
    const brushes = readBrushes(query.get('brush'), dims.map((d) => d.name));
    parallel.brush(brushes);
    select(points, dims, brushes);
    effects = axes.map((a) => effectOf(points, a.name, a.values.map((v) => v.label), (metric as MetricInfo).name)).sort((a, b) => b.range - a.range);
    drawEffects(points);
    const columns = dimensions(points, () => true).map((d) => {
      const m = d.words ? undefined : metrics.find((x) => x.name === d.name);
      return m ? { ...d, label: withUnit(per.has(m.name) ? `${m.label}, gap to the truth level` : m.label, m.unit) } : d;
    });
    scatter.update(points, detail.seeds.length > 1
      ? [...columns, { name: 'seed', label: 'seed', at: points.axes.length, words: detail.seeds.map(String) }] : columns, query);
  };

  const select = (points: Points, dims: Dimension[], brushes: Record<string, Range>): void => {
    const rows = points.rows.filter((r) => inside(r, dims, brushes));
    const held = Object.keys(brushes).length > 0;
    clear.hidden = !held;
    const sample = points.sampled ? ` (a sample of ${whole(points.total)})` : '';
    setText(status, held ? `${whole(rows.length)} of ${whole(points.rows.length)} trials${sample} within the brushes.`
      : `${plural(points.rows.length, 'trial')}${sample}. Colour: ${inSentence(labelOf(metric))}.`);
    const m = metric;
    if (!held || !m || rows.length === 0) {
      best.hidden = true;
      best.replaceChildren();
    } else {
      best.hidden = false;
      const at = dims.find((d) => d.name === m.name) as Dimension;
      const truth = truthLevels(data.report.value?.report ?? null, m.name);
      const dataset = points.axes.indexOf('dataset');
      const rank = (r: Points['rows'][number]): number => {
        const v = position(at, r);
        return (v === null ? null : distance(m, per.has(m.name), truth.get(String(r[dataset])), v)) ?? Infinity;
      };
      const top = [...rows].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b))).slice(0, 6);
      const words = top.every((r) => rank(r) === Infinity) ? 'The first of them'
        : m.better === 'lower' ? `Those with the lowest ${inSentence(m.label)}`
          : m.better === 'higher' ? `Those with the highest ${inSentence(m.label)}` : `Those whose ${inSentence(m.label)} is nearest to its truth level`;
      best.replaceChildren(h('table', { class: 'brushed' },
        h('caption', {}, words),
        h('thead', {}, h('tr', {}, ...dims.map((d) => h('th', { scope: 'col', class: d.words ? null : 'number' }, d.label)), h('th', { scope: 'col' }, 'seed'),
          h('th', { scope: 'col' }, 'trial'))),
        h('tbody', {}, ...top.map((r) => h('tr', {}, ...dims.map(
          (d) => h('td', { class: d.words ? null : 'number' }, d.words ? String(r[d.at]) : number(position(d, r), 4))),
            h('td', {}, String(r[points.axes.length])),
          h('td', {}, h('a', { href: hrefOf({ view: 'sweep', id: data.id },
            Object.fromEntries([['tab', 'trials'], ...points.axes.map((a, i): [string, string] => [filterKey(a), String(r[i])])
              .filter(([k]) => axes.some((x) => filterKey(x.name) === k)), [filterKey('seed'), String(r[points.axes.length])]])) }, 'show')))))));
    }
    fillRanges(points, dims, brushes);
  };

  const fillRanges = (points: Points, dims: Dimension[], brushes: Record<string, Range>): void => {
    const key = JSON.stringify([dims.map((d) => d.name)]);
    const own = dims.filter((d) => !d.words);
    if (ranges.dataset.key !== key) {
      ranges.dataset.key = key;
      ranges.replaceChildren(...own.map((d) => {
        const box = (end: 'low' | 'high'): HTMLInputElement =>
          h('input', { type: 'number', step: 'any', 'aria-label': `${d.label}: ${end === 'low' ? 'at least' : 'at most'}`, 'data-of': `${d.name} ${end}`,
            change: () => {
          const [low, high] = (['low', 'high'] as const).map(
            (e) => ranges.querySelector<HTMLInputElement>(`[data-of="${CSS.escape(`${d.name} ${e}`)}"]`)?.value ?? '');
          const now = readBrushes(query.get('brush'), dims.map((x) => x.name));
          const e = extent(points.rows.map((r) => position(d, r))) ?? { low: 0, high: 0 };
          if (!low && !high) delete now[d.name];
          else now[d.name] = { low: low ? Number(low) : e.low, high: high ? Number(high) : e.high };
          router.set({ brush: brushText(now) });
        } });
        return h('div', { class: 'controls' }, h('span', {}, d.label), box('low'), ' to ', box('high'));
      }));
    }
    for (const input of ranges.querySelectorAll<HTMLInputElement>('input')) {
      if (input === document.activeElement) continue;
      const [name, end] = (input.dataset.of ?? '').split(' ') as [string, 'low' | 'high'];
      const range = brushes[name];
      input.value = range ? String(Number(range[end].toPrecision(5))) : '';
    }
  };

  const row = (): RowSpec => {
    const means = effects.flatMap((e) => e.levels.flatMap((l) => [l.mean, l.low, l.high]));
    const scale = choose(effects.flatMap((e) => e.levels.map((l) => l.mean)));
    const e = extent(means) ?? { low: 0, high: 1 };
    const domain = padded(e, scale, 0.08);
    // The words above say whose truth level.
    const name = withUnit(metric && per.has(metric.name) ? 'Gap to the truth level' : labelOf(metric), metric?.unit ?? '');
    return {
      title: '', sharedY: true, tooltip: 'item', narrowest: 150, shape: { ratio: 0.8, least: 160, most: 240 },
      panels: effects.map((effect) => ({
        title: axisName(effect.axis), rulers: [], y: { name, scale, domain },
        x: { name: '', scale: linear, domain: { low: -0.5, high: effect.levels.length - 0.5 },
          ticks: effect.levels.map((l, i) => ({ at: i, label: l.label })) },
        arms: [{ arm: axisName(effect.axis), line: isNumeric(effect.levels.map((l) => l.label)), interval: 'bars', markEvery: 1,
          points: effect.levels.map((l, i) => ({ x: i, y: l.mean, low: l.low, high: l.high,
            tip: `${l.label}: ${interval(l.mean, l.low, l.high)}${metric?.unit ? ` ${metric.unit}` : ''}, ${plural(l.trials, 'trial')}` })) }],
        ...(effect.levels.some((l) => l.mean !== null) ? {} : { note: 'not measured yet' }),
      })),
    };
  };

  const drawEffects = (points: Points): void => {
    const complete = effects.every((e) => e.balanced);
    const left = effects.map((e) => e.allBlocks - e.blocks).reduce((a, b) => Math.max(a, b), 0);
    setText(effectsWords,
      `Mean ${inSentence(labelOf(metric))} at each value over everything else, the axis that moves it most first. Bars: 95 % intervals over `
        + `${plural(detail.seeds.length, 'seed')}. `
        + (complete
          ? 'Only combinations with a trial at every value of the axis count, so that its values differ by it alone'
            + `${left > 0 ? ` (up to ${plural(left, 'combination')} still incomplete)` : ''}.`
          : 'For some axis no combination is complete yet: its values may also differ in other axes.')
        + (points.sampled ? ` From a sample of ${whole(points.rows.length)} of ${whole(points.total)} trials.` : ''));
    if (!host) {
      host = new ChartHost((width, theme) => draw(row(), width, theme, () => armStyle(0, -1, theme.name)),
        'Effect of each axis. The numbers are in the table below.');
      effectsHolder.append(host.element);
    }
    host.update();
    fillTable();
  };
  const fillTable = (): void => {
    if (effectsDetails.open) effectsTable.replaceChildren(plainTable(
      { head: ['axis', 'value', `${labelOf(metric)} [95% CI]`, 'trials', 'combinations used'], rows: effects.flatMap(
        (e) => e.levels.map((l) => [axisName(e.axis), l.label, interval(l.mean, l.low, l.high), String(l.trials), `${e.blocks} of ${e.allBlocks}`])) }));
  };
  effectsDetails.addEventListener('toggle', fillTable);

  const keep = throttled(300, () => router.set({ brush: brushText(held) }));
  let held: Record<string, Range> = {};
  parallel.onBrush = (brushes) => { held = { ...brushes }; keep(); };
  const stops = [data.points.use(fill), data.report.use(fill)];
  return {
    element,
    query: (q) => {
      query = q;
      filters.query(q);
      metric = metrics.find((m) => m.name === q.get('metric')) ?? main;
      metricSelect.value = metric?.name ?? '';
      const wanted = q.get('lines')?.split(',') ?? metrics.slice(0, shownMetrics).map((m) => m.name);
      for (const [n, b] of boxes) b.checked = wanted.includes(n) || n === metric?.name;
      fill();
      matters.query(q);
    },
    dispose: () => { for (const stop of stops) stop(); keep.cancel(); parallel.dispose(); host?.dispose(); scatter.dispose();
      matters.dispose(); },
  };
}
