import type { ArmMarks, AxisSpec, PanelSpec, RowSpec } from '../charts/spec';
import { interval, intervalWithin, number, within } from '../format';
import { label } from '../model/axes';
import type { Curve, Group } from '../model/report';
import { clippedAround, extent, gapsTo, linear, log, padded, readable, symlog, withEnds, type Domain, type Scale } from '../scales';
import type { CurveView, State } from '../state';
import type { TableData } from '../table';
import { columnTitle, cutWords, rowTitle } from './common';

/** Which panels the opening picture shows: the answer's choices where they exist, otherwise the first that has curves. */
export function picturePanels(state: State): { row: string; column: string; reason: string }[] {
  const { picture, pictures } = state.report.answer;
  const { mapped } = state.roles;
  const all = pictures.length > 0 ? pictures : [picture];
  // Where one row is looked at at a time the picture is of that row, whichever the answer would have chosen.
  const choices = mapped === null ? all : [all.find((p) => p && label(p[mapped]) === state.chosen[mapped]) ?? null];
  const panels = choices.map((choice) => {
    const wanted = (axis: string | null, values: readonly string[]): string | undefined => {
      if (axis === null || !choice || !(axis in choice)) return undefined;
      const value = label(choice[axis]);
      return values.includes(value) ? value : undefined;
    };
    const row = wanted(state.roles.row, state.rows) ?? state.rows.find((r) => hasCurves(state, r)) ?? state.rows[0] ?? '';
    const column = state.picked ?? wanted(state.roles.column, state.columns) ?? state.columns[Math.floor((state.columns.length - 1) / 2)] ?? '';
    return { row, column, reason: state.picked === null ? choice?.reason ?? '' : '' };
  });
  return panels.filter((p, i) => i === 0 || (hasCurves(state, p.row) && panels.findIndex((q) => q.row === p.row && q.column === p.column) === i));
}

export const hasValues = (curve: Curve | undefined): curve is Curve => curve !== undefined && curve.mean.some((v) => v !== null);
export const hasCurves = (state: State, row: string): boolean =>
  state.columns.some((c) => state.arms.some((a) => hasValues(state.group(row, c, a)?.curves.log_likelihood)));

/** The truth level of a group's log-likelihood; without one there is no gap to draw. */
export const truthLevelOf = (group: Group | undefined): number | null => group?.metrics.log_likelihood?.truth_level ?? null;

interface View {
  name: string;
  scale: Scale;
  domain: Domain;
  /** Drawn as the gap to the truth level, which then is at zero. */
  gap: boolean;
}

const curveWords = (state: State): string => (state.curve === 'log_likelihood' ? 'log-likelihood' : 'log-likelihood of x\u0302\u2080');

function viewOf(state: State, view: CurveView, groups: readonly Group[]): View {
  const threshold = state.report.sweep.threshold_nats;
  const curves = groups.flatMap((g) => (hasValues(g.curves[state.curve]) ? [{ g, c: g.curves[state.curve] as Curve }] : []));
  if (view === 'gap') {
    const scale = symlog(threshold / 10);
    const all = framed(curves.map(({ g, c }) => ({ means: gapsTo(truthLevelOf(g) ?? 0, c.mean), ends: [c.ci_low ?? [], c.ci_high ?? []]
      .flatMap((v) => gapsTo(truthLevelOf(g) ?? 0, v)) })), scale, 0);
    const domain = padded({ low: Math.min(all?.low ?? 0, -threshold * 0.2), high: Math.max(all?.high ?? 1, threshold * 1.5) }, scale, 0.03);
    return { name: `Gap to the truth level${state.curve === 'log_likelihood' ? '' : ' of x\u0302\u2080'} (nats)`, scale, domain, gap: true };
  }
  const values = curves.flatMap(({ c }) => [...c.mean, ...(c.ci_low ?? []), ...(c.ci_high ?? [])]);
  const truthLevel = mean(groups.map(truthLevelOf)) ?? 0;
  const domain = view === 'near' ? clippedAround(values, truthLevel, threshold * 10)
    : padded(framed(curves.map(({ c }) => ({ means: c.mean, ends: [...(c.ci_low ?? []), ...(c.ci_high ?? [])] })), linear, truthLevel)
      ?? { low: -1, high: 0 }, linear);
  return { name: `${curveWords(state).replace(/^l/, 'L')} (nats)`, scale: linear, domain, gap: false };
}

/** What can be read of lines with their bands. */
function framed(lines: readonly { means: readonly (number | null)[]; ends: readonly (number | null)[] }[], scale: Scale, anchor: number): Domain | null {
  const core = readable(lines.map((l) => l.means), scale, anchor);
  return core && withEnds(core.domain, lines.flatMap((l) => l.ends), scale).domain;
}

function mean(values: readonly (number | null)[]): number | null {
  const finite = values.filter((v): v is number => v !== null);
  return finite.length > 0 ? finite.reduce((a, b) => a + b, 0) / finite.length : null;
}

/** One panel: an arm a line, its interval a band, the truth level drawn. */
export function curvePanel(state: State, row: string, column: string, title: string, view: View, truthName = ''): PanelSpec {
  const groups = state.shownArms.map((arm) => ({ arm, group: state.group(row, column, arm) }));
  const arms: ArmMarks[] = groups.flatMap(({ arm, group }, place) => {
    const curve = group?.curves[state.curve];
    if (!group || !hasValues(curve)) return [];
    const truthLevel = truthLevelOf(group);
    const gap = (v: number): number => (truthLevel ?? 0) - v;
    const last = curve.mean.length - 1;
    const every = Math.max(1, Math.round(last / 5));
    const marks: ArmMarks = {
      arm, line: true, interval: curve.ci_low?.some((v) => v !== null) ? 'band' : 'none', markEvery: 0,
      points: curve.mean.map((v, k) => {
        const low = curve.ci_low?.[k] ?? null;
        const high = curve.ci_high?.[k] ?? null;
        const tip = `${interval(v, low, high)} nats${v !== null && truthLevel !== null ? `; gap to the truth level ${number(gap(v))}` : ''}`;
        if (!view.gap) return { x: k, y: v, low, high, tip };
        return { x: k, y: v === null ? null : gap(v), low: high === null ? null : gap(high), high: low === null ? null : gap(low), tip };
      }),
    };
    return [{ ...marks, markEvery: every, markFrom: Math.round((every * (place + 0.5)) / Math.max(1, groups.length)) }];
  });
  const steps = Math.max(1, ...groups.map(({ group }) => (group?.curves[state.curve]?.mean.length ?? 1) - 1));
  const truthLevel = mean(groups.map(({ group }) => truthLevelOf(group ?? undefined)));
  const threshold = state.report.sweep.threshold_nats;
  const zero = view.gap ? 0 : truthLevel;
  const reasons = groups.map(({ group }) => group?.curves[state.curve]?.reason ?? group?.metrics.log_likelihood?.reason).filter(Boolean);
  return {
    title, x: stepAxis(steps), y: { name: view.name, scale: view.scale, domain: view.domain }, arms: baselineLast(state, arms),
    rulers: zero === null || arms.length === 0 ? [] : [{ at: zero, kind: 'truth', ...(truthName ? { label: truthName } : {}) }],
    ...(zero === null || arms.length === 0 ? {} : { near: { low: zero - threshold, high: zero + threshold } }),
    ...(arms.length > 0 ? {} : { note: reasons[0] ?? (groups.every(({ group }) => !group) ? 'no completed trial' : 'no curve') }),
    ...cutWords(arms, view.domain), tipHead: (x) => `reverse step ${x} of ${steps}`,
  };
}

/** The dashed baseline is drawn over the others: where two lines coincide both can be seen. */
function baselineLast(state: State, arms: readonly ArmMarks[]): ArmMarks[] {
  const baseline = label(state.report.sweep.compare.baseline);
  return [...arms.filter((a) => a.arm !== baseline), ...arms.filter((a) => a.arm === baseline)];
}

const stepAxis = (steps: number): AxisSpec => ({ name: 'reverse step', scale: linear, domain: { low: 0, high: steps } });

function groupsOf(state: State, rows: readonly string[], columns: readonly string[]): Group[] {
  return rows.flatMap((r) => columns.flatMap((c) => state.shownArms.map((a) => state.group(r, c, a)))).filter((g): g is Group => g !== undefined);
}

/** Every dataset and width; the gap view shares its axis over all of them, the others within a dataset. */
export function curveRows(state: State): RowSpec[] {
  const rows = state.rows.filter((r) => hasCurves(state, r));
  const shared = viewOf(state, state.view, groupsOf(state, rows, state.shownColumns));
  return rows.map((row) => {
    const view = state.view === 'gap' ? shared : viewOf(state, state.view, groupsOf(state, [row], state.shownColumns));
    return {
      title: [rowTitle(state, row), truthWords(groupsOf(state, [row], state.shownColumns))].filter(Boolean)
        .join(' \u00b7 '), sharedY: true, tooltip: 'axis', narrowest: 135,
      panels: state.shownColumns.map((column) => curvePanel(state, row, column, columnTitle(state, column), view)),
    };
  });
}

/** Truth levels of a dataset differ between seeds only; their mean in words. */
function truthWords(groups: readonly Group[]): string {
  const truthLevel = mean(groups.map(truthLevelOf));
  return truthLevel === null ? '' : `truth level ${number(truthLevel)} nats`;
}

/** Farther from the truth level than this many thresholds, a plain axis would hide what happens near it. */
const plainReach = 60;

/** The opening picture: a large panel, or two beside each other, each on its own axis. Plain axes where they can be read. */
export function pictureRow(state: State, panels: readonly { row: string; column: string }[]): RowSpec & { plain: boolean } {
  const views = panels.map(({ row, column }) => {
    const groups = groupsOf(state, [row], [column]);
    const view = viewOf(state, 'gap', groups);
    return { row, column, groups, view };
  });
  const plain = views.every(({ view }) => Math.max(-view.domain.low, view.domain.high) <= plainReach * state.report.sweep.threshold_nats);
  return {
    title: '', plain, sharedY: false, tooltip: 'axis', shape: panels.length > 1 ? { ratio: 0.62, least: 230, most: 330 }
      : { ratio: 0.5, least: 250, most: 400 }, left: 66, narrowest: 280,
    panels: views.map(({ row, column, groups, view }) => {
      // Bands count too.
      const drawn = framed(groups.flatMap((g) => {
        const curve = g.curves[state.curve];
        return hasValues(curve) ? [{ means: gapsTo(truthLevelOf(g) ?? 0, curve.mean), ends: [curve.ci_low ?? [], curve.ci_high ?? []]
          .flatMap((v) => gapsTo(truthLevelOf(g) ?? 0, v)) }] : [];
      }), linear, 0);
      const high = Math.max(drawn?.high ?? 1, state.report.sweep.threshold_nats * 1.5);
      const domain = { low: Math.min((drawn?.low ?? 0) - high * 0.03, -high * 0.1), high: high * 1.04 };
      const panel = curvePanel(state, row, column, [rowTitle(state, row), columnTitle(state, column)].filter(Boolean).join(', '), plain
        ? { ...view, scale: linear, domain } : view, truthWords(groups));
      return state.step === null ? panel : { ...panel, posts: [{ at: state.step, of: state.shownArms[0] ?? '', label: 'the samples below' }] };
    }),
  };
}

export function lossRows(state: State): RowSpec[] {
  const curves = groupsOf(state, state.rows, state.shownColumns).map((g) => g.curves.training_loss).filter(hasValues);
  const positive = curves.flatMap((c) => c.mean).filter((v): v is number => v !== null && v > 0);
  const all = extent(positive);
  if (!all) return [];
  const scale = log(all.low * 0.5);
  const domain = padded(all, scale);
  return state.rows.map((row) => ({
    title: rowTitle(state, row), sharedY: true, tooltip: 'axis', narrowest: 135,
    panels: state.shownColumns.map((column): PanelSpec => {
      let most = 1;
      const arms = state.shownArms.flatMap((arm): ArmMarks[] => {
        const curve = state.group(row, column, arm)?.curves.training_loss;
        if (!hasValues(curve)) return [];
        const size = curve.step_size ?? 1;
        most = Math.max(most, curve.mean.length * size);
        return [{
          arm, line: true, interval: curve.ci_low?.some((v) => v !== null) ? 'band' : 'none', markEvery: 0,
          points: curve.mean.map((v, i) => {
            const low = within(curve, curve.ci_low?.[i]);
            const high = within(curve, curve.ci_high?.[i]);
            return { x: (i + 1) * size, y: v, low: low === null ? null
              : Math.max(low, all.low * 0.5), high, tip: interval(v, low, high) };
          }),
        }];
      });
      return {
        title: columnTitle(state, column), arms, ...cutWords(arms, domain), rulers: [],
          x: { name: 'training step', scale: linear, domain: { low: 0, high: most } }, y: { name: 'training loss', scale, domain },
        ...(arms.length > 0 ? {} : { note: 'no training loss' }), tipHead: (x) => `training steps up to ${x}`,
      };
    }),
  }));
}

/** How far the validation loss is from L*, decade by decade: what is left to learn. */
export function excessRows(state: State): RowSpec[] {
  const name = 'validation_loss';
  const excess = (group: Group | undefined): Curve | null => {
    const curve = group?.curves[name];
    const least = group?.metrics[name]?.truth_level;
    if (!hasValues(curve) || typeof least !== 'number') return null;
    const less = (v: number | null): number | null => (v === null ? null : v - least);
    // Of sampling noise it can be below 0, wherever the loss itself can lie.
    return { ...curve, least: null, most: null, mean: curve.mean.map(less), ci_low: (curve.ci_low ?? []).map(less), ci_high: (curve.ci_high ?? []).map(less) };
  };
  const curves = groupsOf(state, state.rows, state.shownColumns).map(excess).filter((c): c is Curve => c !== null);
  const initial = Math.max(0, ...curves.map((c) => c.mean[0] ?? 0));
  if (initial === 0) return [];
  // Below a thousandth of what there was to learn it is noise, and may be negative.
  const scale = log(initial / 1000);
  const last = Math.max(2, ...curves.flatMap((c) => c.x ?? []));
  return state.rows.map((row) => ({
    title: rowTitle(state, row), sharedY: true, tooltip: 'axis', narrowest: 135,
    panels: state.shownColumns.map((column): PanelSpec => {
      const arms = state.shownArms.flatMap((arm): ArmMarks[] => {
        const curve = excess(state.group(row, column, arm));
        if (curve === null) return [];
        return [{
          arm, line: true, interval: curve.ci_low?.some((v) => v !== null) ? 'band' : 'none', markEvery: 0,
          points: curve.mean.map((v, i) => {
            const low = curve.ci_low?.[i], high = curve.ci_high?.[i];
            return { x: curve.x?.[i] ?? i, y: v, low: low ?? null, high: high ?? null, tip: interval(v, low, high) };
          }),
        }];
      });
      return {
        title: columnTitle(state, column), arms, rulers: [], x: { name: 'training step', scale: log(1), domain: { low: 1, high: last } },
        y: { name: 'excess over L*', scale, domain: padded({ low: initial / 1000, high: initial }, scale) },
        ...(arms.length > 0 ? {} : { note: 'no validation loss' }), tipHead: (x) => `training step ${x}`,
      };
    }),
  }));
}

/** The curve at some steps; the whole of it is in curves.csv. */
export function curveTable(state: State, name: string, rows: readonly string[], columns: readonly string[]): TableData {
  const groups = rows.flatMap((r) => columns.flatMap((c) => state.shownArms.map((a) => ({ r, c, a, curve: state.group(r, c, a)?.curves[name] }))))
    .filter((g) => hasValues(g.curve));
  const length = Math.max(0, ...groups.map((g) => g.curve?.mean.length ?? 0));
  const picks = [...new Set(Array.from({ length: Math.min(11, length) }, (_, i) => Math.round((i * (length - 1)) / Math.max(1, Math.min(10, length - 1)))))];
  const size = groups[0]?.curve?.step_size;
  return {
    head: [state.rowName, state.columnName, state.roles.arm ?? 'arm', ...picks.map((k) => (size === undefined ? `step ${k}` : `step ${(k + 1) * size}`))]
      .map((t) => t || '–'),
    rows: groups.map(({ r, c, a, curve }) =>
        [r, c, a, ...picks.map((k) => intervalWithin(curve ?? {}, { mean: curve?.mean[k], ci_low: curve?.ci_low?.[k], ci_high: curve?.ci_high?.[k] }))]),
  };
}
