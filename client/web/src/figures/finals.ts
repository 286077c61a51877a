import type { ArmMarks, PanelSpec, RowSpec } from '../charts/spec';
import { intervalWithin, number, within, withUnit } from '../format';
import type { Group, MetricResult } from '../model/report';
import { choose, extent, linear, padded, readable, symlog, withEnds, type Domain, type Scale } from '../scales';
import type { State } from '../state';
import type { TableData } from '../table';
import { columnAxis, columnTitle, cutWords, dodge, rowTitle } from './common';

/** The metrics that have a number in some group, the report's headline metric first. Steps to threshold have a figure of their own. */
export function drawnMetrics(state: State): string[] {
  const first = state.report.sweep.compare.metric;
  const named = [...new Set([...state.report.metrics.map((m) => m.name), ...state.report.groups.flatMap((g) => Object.keys(g.metrics))])];
  return named
    .filter((n) => n !== 'steps_to_threshold' && !isDiagnostic(n) && !constant(state, n)
      && state.report.groups.some((g) => typeof g.metrics[n]?.mean === 'number' || typeof g.metrics[n]?.truth_level === 'number'))
    .sort((a, b) => Number(b === first) - Number(a === first));
}

/** Metrics that the diagnostics' own figures show, and what a fit cost. */
const isDiagnostic = (name: string): boolean => /^(path_)?error\./.test(name) || name.startsWith('bifurcation_sigma')
  || name.startsWith('symmetry_breaking_sigma') || name.startsWith('collapse_sigma') || name === 'fit_iterations';

/** Below it a round trip's error is rounding. */
const rounding = 1e-12;

/** A number that is the same in every trial but for rounding and has no truth level, like the sampler's calls of the network, makes no picture. */
function constant(state: State, name: string): boolean {
  const results = state.report.groups.flatMap((g) => g.metrics[name] ?? []);
  const values = results.flatMap((m) => m.per_seed ?? []);
  return values.length > 1 && results.every((m) => typeof m.truth_level !== 'number')
    && (values.every((v) => v === values[0]) || values.every((v) => v !== null && Math.abs(v) < rounding));
}

function eachGroup(state: State, row: string): { column: string; arm: string; place: number; group: Group }[] {
  return state.columns.flatMap((column) => state.shownArms.flatMap((arm, place) => {
    const group = state.group(row, column, arm);
    return group ? [{ column, arm, place, group }] : [];
  }));
}

/**
 * One metric: a panel per dataset, an interval and the single seeds per arm and width, the truth level where there is one; a log-likelihood as its gap to that.
 */
export function finalRow(state: State, name: string): RowSpec {
  const metric = state.metric(name);
  const x = columnAxis(state);
  const gap = name === 'log_likelihood';
  const share = metric.least === 0 && metric.most === 1;
  const threshold = state.report.sweep.threshold_nats;
  const drawn = (m: MetricResult, v: number): number => (gap ? (m.truth_level ?? 0) - v : v);
  const ends = (m: MetricResult): { low: number | null; high: number | null } => {
    const [low, high] = [within(metric, m.ci_low), within(metric, m.ci_high)].map((v) => (v === null ? null : drawn(m, v))) as [number | null, number | null];
    return gap ? { low: high, high: low } : { low, high };
  };
  const scaleOf = (rows: readonly string[], given?: Scale): { scale: Scale; domain: Domain } => {
    const results = rows.flatMap((r) => eachGroup(state, r).map((g) => g.group.metrics[name])).filter((m): m is MetricResult => m !== undefined);
    const centre = results.flatMap((m) => [m.mean, ...(m.per_seed ?? [])].filter((v): v is number => typeof v === 'number').map((v) => drawn(m, v)));
    const reach = results.flatMap((m) => Object.values(ends(m)).filter((v): v is number => v !== null));
    const truthLevels = gap ? [0] : results.flatMap((m) => (typeof m.truth_level === 'number' ? [m.truth_level] : []));
    // Distances are positive but for sampling noise about zero, and that noise deserves no decades of its own.
    const chosen = gap ? symlog(threshold / 10) : choose([...centre, ...truthLevels]);
    const scale = given ?? (!gap && chosen.kind === 'symlog' ? linear : chosen);
    // An interval of a few seeds can dwarf everything else: it may reach out of the frame, the means may not.
    const core = readable(results.map((m) => [m.mean, ...(m.per_seed ?? [])].map((v) => (typeof v === 'number' ? drawn(m, v) : null))), scale, truthLevels[0]
      ?? centre[0] ?? 0)?.domain ?? { low: 0, high: 1 };
    const wide = extent([core.low, core.high, ...truthLevels, ...reach]) ?? core;
    const bounds = scale.kind === 'log' ? { low: Math.max(wide.low, scale.inverse(scale.forward(core.low) - 0.5)), high: wide.high } : wide;
    const bounded = scale.kind === 'linear' ? stretchless(core, bounds) : withEnds(core, [bounds.low, bounds.high], scale).domain;
    if (share) return { scale: linear, domain: { low: bounded.low > 0.4 ? Math.max(0, core.low - 0.15) : 0, high: 1.04 } };
    return { scale, domain: padded(scale.kind === 'linear' && bounded.low >= 0 && bounded.low < 0.4 * bounded.high ? { low: 0, high: bounded.high }
      : bounded, scale, 0.07) };
  };
  // One kind of scale for all panels, or their slopes could not be compared.
  const all = scaleOf(state.rows);
  const panels = state.rows.map((row): PanelSpec => {
    const groups = eachGroup(state, row);
    const { scale, domain } = gap ? all : scaleOf([row], all.scale);
    const measured = groups.filter((g) => typeof g.group.metrics[name]?.mean === 'number');
    const arms = state.shownArms.map((arm, place): ArmMarks => {
      const own = measured.filter((g) => g.arm === arm).map((g) =>
        ({ ...g, m: g.group.metrics[name] as MetricResult, x: x.at(g.column) + dodge(place, state.shownArms.length, x.spacing) }));
      return {
        arm, line: true, interval: 'bars', markEvery: 1,
        points: own.map(({ m, x: at, column, group }) => ({
          x: at, y: drawn(m, m.mean as number), ...ends(m),
          tip: `${columnTitle(state, column)}: ${intervalWithin(metric, m)} `
            + `${metric.unit}${typeof m.truth_level === 'number' ? `; truth level ${number(m.truth_level)}` : ''}; `
            + `${seedCount(group)}${m.reason ? `; ${m.reason}` : ''}`,
        })),
        dots: own.flatMap(({ m, x: at, group }) => (m.per_seed ?? []).length < 2 ? [] : (m.per_seed ?? [])
          .flatMap((v, i) => (v === null ? [] : [{ x: at, y: drawn(m, v), tip: `seed ${group.seeds[i] ?? i}: ${number(v, 4)} ${metric.unit}` }]))),
      };
    });
    const truthLevels = measured.map((g) => g.group.metrics[name]?.truth_level).filter((v): v is number => typeof v === 'number');
    const truthLevel = truthLevels.length > 0 ? truthLevels.reduce((a, b) => a + b, 0) / truthLevels.length : null;
    const reason = groups.map((g) => g.group.metrics[name]?.reason).find(Boolean);
    return {
      title: [rowTitle(state, row), truthLevel === null ? '' : `truth level ${number(truthLevel)}`].filter(Boolean)
        .join(': '), x: x.spec, arms: measured.length > 0 ? arms : [],
      y: { name: gap ? 'Gap to the truth level (nats)' : withUnit(metric.label, metric.unit), scale, domain },
      rulers: measured.length === 0 || (truthLevel === null && !gap) ? [] : [{ at: gap ? 0 : (truthLevel as number), kind: 'truth' }],
      ...(measured.length > 0 ? cutWords(arms, domain) : {}),
      ...(gap && measured.length > 0 ? { near: { low: -threshold, high: threshold } } : {}),
      ...(measured.length > 0 ? {} : { note: reason ?? 'not measured' }),
    };
  });
  return { title: metric.label, panels, sharedY: gap, tooltip: 'item', narrowest: 150, shape: { ratio: 0.72, least: 160, most: 240 } };
}

/** Keeps a linear axis within four times the spread of the means. */
function stretchless(core: Domain, wide: Domain): Domain {
  const spread = Math.max(core.high - core.low, Math.abs(core.high) * 0.02, 1e-9);
  return { low: Math.max(wide.low, core.low - 1.5 * spread), high: Math.min(wide.high, core.high + 1.5 * spread) };
}

const seedCount = (group: Group): string => `${group.seeds.length} seed${group.seeds.length === 1 ? '' : 's'}`;

export function finalTable(state: State, names: readonly string[]): TableData {
  const raced = state.report.family?.race;
  return {
    head: ['metric', state.rowName, state.columnName, state.roles.arm ?? 'arm', ...raced ? ['seeds'] : [], 'mean [95% CI]', 'truth level', 'per seed', 'note']
      .map((t) => t || '–'),
    rows: names.flatMap((name) => state.rows.flatMap((row) => eachGroup(state, row).flatMap(({ column, arm, group }) => {
      const m = group.metrics[name];
      return m ? [[state.metric(name).label, row, column, arm, ...raced ? [String(group.seeds.length)] : [],
        intervalWithin(state.metric(name), m), number(m.truth_level), (m.per_seed ?? [])
        .map((v) => number(v)).join(', '), m.reason ?? '']] : [];
    }))),
  };
}

/** Reads "never" out of a metric: a seed without a step, in a group whose reason says never. */
export const isNever = (m: MetricResult, seed: number): boolean => m.per_seed?.[seed] === null && /never/i.test(m.reason ?? '');

/** Steps to threshold, the seeds that never get there on a shelf above the last step. */
export function thresholdRow(state: State): RowSpec {
  const x = columnAxis(state);
  const name = 'steps_to_threshold';
  const steps = Math.max(1, ...state.report.groups.map((g) => (g.curves.log_likelihood?.mean.length ?? 1) - 1),
    ...state.report.groups.flatMap((g) => (g.metrics[name]?.per_seed ?? []).map((v) => v ?? 0)));
  const never = steps * 1.14;
  const ticks = [...linear.ticks(0, steps, 6).map((at) => ({ at, label: linear.format(at) })), { at: never, label: 'never' }];
  const panels = state.rows.map((row): PanelSpec => {
    const groups = eachGroup(state, row).filter(({ group }) => {
      const m = group.metrics[name];
      return m !== undefined && (typeof m.mean === 'number' || (m.per_seed ?? []).some((v, i) => v !== null || isNever(m, i)));
    });
    const arms = state.shownArms.map((arm, place): ArmMarks => {
      const own = groups.filter((g) => g.arm === arm).map((g) =>
        ({ ...g, m: g.group.metrics[name] as MetricResult, x: x.at(g.column) + dodge(place, state.shownArms.length, x.spacing) }));
      return {
        arm, line: true, interval: 'bars', markEvery: 1,
        points: own.map(({ m, x: at, column }) => {
          const missed = (m.per_seed ?? []).filter((_, i) => isNever(m, i)).length;
          const of = (m.per_seed ?? []).length;
          const tip = typeof m.mean === 'number' && missed === 0 ? intervalWithin(state.metric(name), m)
            : `never in ${missed} of ${of} seeds; otherwise ${(m.per_seed ?? []).filter((v) => v !== null).map((v) => number(v)).join(', ') || 'none'}`;
          return { x: at, y: missed > 0 ? middle(m, never) : (m.mean ?? null), low: missed > 0 ? null : m.ci_low, high: missed > 0 ? null
            : m.ci_high, tip: `${columnTitle(state, column)}: ${tip}` };
        }),
        dots: own.flatMap(({ m, x: at, group }) => (m.per_seed ?? [])
          .flatMap((v, i) => (v === null && !isNever(m, i) ? []
            : [{ x: at, y: v ?? never, tip: `seed ${group.seeds[i] ?? i}: ${v === null ? 'never' : number(v)}` }]))),
      };
    });
    const reason = eachGroup(state, row).map((g) => g.group.metrics[name]?.reason).find(Boolean);
    return {
      title: rowTitle(state, row), x: x.spec, arms: groups.length > 0 ? arms : [],
      y: { name: 'Steps to threshold (reverse steps)', scale: linear, domain: { low: -steps * 0.05, high: steps * 1.22 }, ticks },
      rulers: [{ at: steps * 1.06, kind: 'edge' }], near: { low: steps * 1.06, high: steps * 1.22, plain: true },
      ...(groups.length > 0 ? {} : { note: reason ?? 'not measured' }),
    };
  });
  return { title: '', panels, sharedY: true, tooltip: 'item', narrowest: 150, shape: { ratio: 0.8, least: 180, most: 260 } };
}

/** The median, a seed that never arrives counting as later than all others. */
export function middle(m: MetricResult, never: number): number {
  const sorted = (m.per_seed ?? []).map((v) => v ?? never).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? never;
}

