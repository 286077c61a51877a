import type {
  Axes, AxisValue, BestSetting, Bracket, Cloud, Comparison, ComparisonFacets, Curve, Expectation, ExpectationGroup, ExpectationRules, ExpectationVerdict,
  Failure, Field, Group, MaybeNumber, Metric, MetricResult, Picture, Race, Report, Samples, Scatter, Tuning,
} from './report';

type Bag = Record<string, unknown>;

const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : value === undefined || value === null ? otherwise
  : String(value));
const count = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const maybe = (value: unknown): MaybeNumber => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const numbers = (value: unknown): MaybeNumber[] => list(value).map(maybe);

/**
 * Reads a report of version 2 and fills what it lacks with empty values, so that the page draws what is there.
 * @throws Error when the text is not JSON, is not an object, or is of another version.
 */
export function readReport(json: string): Report {
  const root: unknown = JSON.parse(json);
  if (typeof root !== 'object' || root === null || Array.isArray(root)) throw new Error('the report is not a JSON object');
  const r = root as Bag;
  if (r.version !== 2) throw new Error(`the report's version: ${text(r.version, 'none')}; allowed: 2`);
  const sweep = bag(r.sweep);
  const compare = bag(sweep.compare);
  const trials = bag(r.trials);
  const answer = bag(r.answer);
  const family = r.family === undefined || r.family === null ? null : bag(r.family);
  const settings = list(r.groups).map(group);
  const search = bag(r.search);
  return {
    version: 2,
    generated: text(r.generated),
    sweep: {
      name: text(sweep.name, 'sweep'),
      id: text(sweep.id),
      spec: sweep.spec ?? {},
      source: text(sweep.source),
      axes: list(sweep.axes).map((a) => ({ name: text(bag(a).name), values: list(bag(a).values) })),
      searched: Boolean(r.search),
      seeds: list(sweep.seeds).filter((s): s is number => typeof s === 'number'),
      compare: { axis: text(compare.axis), baseline: compare.baseline ?? null, metric: text(compare.metric, 'log_likelihood') },
      threshold_nats: maybe(sweep.threshold_nats) ?? 1,
    },
    trials: {
      total: count(trials.total),
      completed: count(trials.completed),
      failed: count(trials.failed),
      pruned: count(trials.pruned),
      cancelled: count(trials.cancelled),
      unfinished: count(trials.unfinished),
      failures: list(trials.failures).map(failure),
    },
    environment: bag(r.environment),
    metrics: list(r.metrics).map(metric),
    answer: {
      headline: text(answer.headline),
      sentences: list(answer.sentences).map((s) => text(s)),
      key_findings: list(answer.key_findings).map((s) => text(s)),
      best: list(answer.best).map(best),
      findings: list(answer.findings).map((f) => ({ title: text(bag(f).title), sentences: list(bag(f).sentences).map((s) => text(s)) })),
      picture: answer.picture ? (bag(answer.picture) as Picture) : null,
      pictures: list(answer.pictures).map((p) => bag(p) as Picture),
    },
    groups: shown(settings, search),
    settings,
    search: r.search ? searched(search) : null,
    tuning: r.tuning ? tuning(bag(r.tuning)) : null,
    comparisons: list(r.comparisons).map(comparison),
    facets: r.comparison_facets ? facets(bag(r.comparison_facets)) : null,
    family: family && {
      comparisons: count(family.comparisons), method: text(family.method), alpha: maybe(family.alpha)
        ?? 0.05, test: text(family.test), metric: text(family.metric),
      tested: typeof family.tested === 'number' ? count(family.tested)
        : count(family.comparisons), seeds: count(family.seeds), smallest_effect: maybe(family.smallest_effect),
      secondary: list(family.secondary).map(bag).map((s) => ({ metric: text(s.metric), comparisons: count(s.comparisons), certain: count(s.certain) })),
      looks: list(family.looks).map(bag).map((l) => ({ look: count(l.look), at: l.at ? text(l.at) : null, completed: count(l.completed), total: count(l.total),
        seeds: count(l.seeds), factor: count(l.factor) })),
      race: family.race ? race(bag(family.race)) : null,
    },
    importance: list(r.importance).map(bag).map((s) => ({ dataset: text(s.dataset), count: list(s.seeds).length,
      effects: list(s.effects).map(bag).map((e) => ({ axes: list(e.axes).map((a) => text(a)), share: count(e.share), low: maybe(e.low), high: maybe(e.high) })),
      seeds: maybe(s.seed_share), error: maybe(s.error_share), reason: s.reason ? text(s.reason) : null })),
    pareto: list(r.pareto).map(bag).map((s) => ({ dataset: text(s.dataset), x: text(s.x), y: text(s.y), left_out: count(s.left_out),
      points: list(s.points).map(bag).map((p) => ({ axes: bag(p.axes) as Report['pareto'][number]['points'][number]['axes'], x: paretoValue(p.x),
        y: paretoValue(p.y), front: p.front === true, beaten: p.beaten === true })) })),
    expectations: list(r.expectations).map(expectation),
    expectation_rules: r.expectation_rules ? expectationRules(bag(r.expectation_rules)) : null,
    samples: list(r.samples).map(samples).filter((s) => s.side > 0),
    fields: list(r.fields).map(field),
    scatters: list(r.scatters).map(scatter).filter((s) => s.axes.length > 0 && s.low.length === s.axes.length && s.high.length === s.axes.length),
  };
}

function tuning(t: Bag): Tuning {
  return {
    over: list(t.over).map((o) => text(o)), per: list(t.per).map((p) => text(p)), method: text(t.method), settings: count(t.settings),
    batch: count(t.batch), seed: count(t.seed),
    seeds: list(t.seeds).filter((s): s is number => typeof s === 'number'), repeats: count(t.repeats), metric: text(t.metric), better: text(t.better),
    arms: list(t.arms).map(bag).map((a) => ({
      axes: bag(a.axes) as Axes, repeat: count(a.repeat), choice: maybe(a.choice), edge: list(a.edge).map((e) => text(e)), chosen_score: maybe(a.chosen_score),
      confirmed: maybe(a.confirmed), confirmed_low: maybe(a.confirmed_low), confirmed_high: maybe(a.confirmed_high), trials: count(a.trials),
      without_score: count(a.without_score), training_steps: count(a.training_steps), train_seconds: count(a.train_seconds),
      tried: list(a.tried).map(bag).map((s) => ({ values: bag(s.values) as Axes, score: maybe(s.score), best_so_far: maybe(s.best_so_far),
        failed: count(s.failed) })),
    })),
  };
}

function searched(s: Bag): NonNullable<Report['search']> {
  const bracket = (value: unknown): Bracket => ({ mean: maybe(bag(value).mean), low: maybe(bag(value).ci_low), high: maybe(bag(value).ci_high) });
  const reason = (b: Bag): string | null => (b.reason ? text(b.reason) : null);
  return {
    method: text(s.method), groups: count(s.groups), seed: count(s.seed),
    trends: list(s.trends).map(bag).map((t) => ({ dataset: text(t.dataset), arm: text(t.arm), settings: count(t.settings), left_out: count(t.left_out),
      reason: reason(t), slopes: list(t.slopes).map(bag).map((x) => ({ axis: text(x.axis), per: text(x.per), slope: bracket(x.slope),
        change: bracket(x.change) })) })),
    importance: list(s.importance).map(bag).map((i) => ({ dataset: text(i.dataset), reason: reason(i),
      effects: list(i.effects).map(bag).map((e) => ({ axis: text(e.axis), share: count(e.share), p_value: maybe(e.p_value) ?? 1 })) })),
  };
}

/** Of a search the settings that it names; all of a grid. */
function shown(settings: Group[], search: Bag): Group[] {
  const named = new Set(list(search.shown).map((id) => text(id)));
  const found = settings.filter((g) => g.trial_ids.some((id) => named.has(id)));
  return found.length > 0 ? found : settings;
}

function paretoValue(value: unknown): { mean: number | null; low: number | null; high: number | null } {
  const v = bag(value);
  return { mean: maybe(v.mean), low: maybe(v.ci_low), high: maybe(v.ci_high) };
}

function best(value: unknown): BestSetting {
  const b = bag(value);
  return {
    dataset: text(b.dataset), axes: bag(b.axes) as Axes, of: count(b.of), left_out: count(b.left_out), seeds: count(b.seeds), mean: maybe(b.mean),
    ci_low: maybe(b.ci_low), ci_high: maybe(b.ci_high), truth_level: maybe(b.truth_level), trial_seconds: maybe(b.trial_seconds),
    not_told_apart: count(b.not_told_apart),
    nearest: list(b.nearest).map(bag).map((n) => ({ axes: bag(n.axes) as Axes, mean: maybe(n.mean), difference: maybe(bag(n.difference).mean),
      ci_low: maybe(bag(n.difference).ci_low), ci_high: maybe(bag(n.difference).ci_high), p_adjusted: maybe(n.p_adjusted) })),
  };
}

export function scatter(value: unknown): Scatter {
  const s = bag(value);
  const [low, high] = [list(s.low).map(Number), list(s.high).map(Number)];
  const axes = list(s.axes).map((a) => text(a)).slice(0, 2);
  const cloud = (points: unknown): Cloud => cloudOf(text(points), low, high);
  return {
    dataset: text(s.dataset), dimensions: count(s.dimensions), axes, explained: maybe(s.explained), low, high, truth: cloud(s.truth),
    groups: list(s.groups).map(bag).map((g) =>
      ({ axes: bag(g.axes) as Axes, trial: text(g.trial), seed: count(g.seed), outside: count(g.outside), cloud: cloud(g.points),
        moments: list(g.moments).map(bag).map((m) => ({ step: count(m.step), cloud: cloud(m.points), outside: count(m.outside) })) })),
  };
}

function field(value: unknown): Field {
  const f = bag(value);
  const edge = maybe(f.latent_edge) ?? 4;
  const axes = Math.min(2, count(f.dimensions)) || 1;
  const within = (points: unknown, by: number, of = axes): Cloud => cloudOf(text(points), new Array<number>(of).fill(-by), new Array<number>(of).fill(by));
  const [low, high] = [list(f.low).map(Number), list(f.high).map(Number)];
  const paths = f.paths ? bag(f.paths) : null;
  return {
    dataset: text(f.dataset), axes: bag(f.axes) as Axes, trial: text(f.trial), seed: count(f.seed), dimensions: count(f.dimensions), edge,
    truth: within(f.latent_truth, edge), points: within(f.latent_points, edge),
    grid: list(f.grid).map((line) => cloudOf(text(line), low, high)),
    paths: paths && { moments: count(paths.moments), cloud: cloudOf(text(paths.points), low, high),
      modes: paths.modes ? list(paths.modes).map(count) : null },
    scores: list(f.scores).map(bag).map((s) => ({ sigma: count(s.sigma), edge: count(s.edge), side: count(s.side),
      learned: within(s.learned, 2 * count(s.edge), 2), exact: s.exact ? within(s.exact, 2 * count(s.edge), 2) : null })),
  };
}

/** Points from (count, axes) little-endian 16-bit numbers in base64, 0 for low and 65535 for high. */
function cloudOf(points: string, low: readonly number[], high: readonly number[]): Cloud {
  const bytes = Uint8Array.from(atob(points), (c) => c.charCodeAt(0));
  const axes = low.length;
  const size = Math.floor(bytes.length / (2 * axes));
  const coordinate = (k: number): Float64Array => Float64Array.from({ length: size }, (_, i) => {
    const at = 2 * (i * axes + k);
    const place = ((bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)) / 65535;
    return (low[k] ?? 0) + place * ((high[k] ?? 0) - (low[k] ?? 0));
  });
  return { x: coordinate(0), y: axes > 1 ? coordinate(1) : null };
}

function samples(value: unknown): Samples {
  const s = bag(value);
  return {
    dataset: text(s.dataset),
    side: Math.floor(count(s.side)),
    real: text(s.real),
    groups: list(s.groups).map(bag).map((g) => ({ axes: bag(g.axes) as Axes, trial: text(g.trial), seed: count(g.seed), images: text(g.images) })),
  };
}

function failure(value: unknown): Failure {
  const f = bag(value);
  return { trial: text(f.trial), axes: bag(f.axes), seed: maybe(f.seed), cause: text(f.cause), message: text(f.message) };
}

function metric(value: unknown): Metric {
  const m = bag(value);
  const better = m.better === 'higher' || m.better === 'lower' || m.better === 'truth_level' ? m.better : 'unknown';
  return { name: text(m.name), label: text(m.label, text(m.name)), unit: text(m.unit), better, explanation: text(m.explanation), least: maybe(m.least),
    most: maybe(m.most) };
}

function group(value: unknown): Group {
  const g = bag(value);
  const metrics: Record<string, MetricResult> = {};
  for (const [name, result] of Object.entries(bag(g.metrics))) {
    const m = bag(result);
    metrics[name] = {
      mean: maybe(m.mean), ci_low: maybe(m.ci_low), ci_high: maybe(m.ci_high), per_seed: numbers(m.per_seed), truth_level: maybe(m.truth_level),
      reason: m.reason ? text(m.reason) : null,
    };
  }
  const curves: Record<string, Curve> = {};
  for (const [name, value] of Object.entries(bag(g.curves))) {
    const c = bag(value);
    curves[name] = { mean: numbers(c.mean), ...ends(c), step_size: maybe(c.step_size)
      ?? undefined, ...places(c), least: maybe(c.least), most: maybe(c.most), reason: c.reason ? text(c.reason) : null };
  }
  const axes: Axes = bag(g.axes);
  return { axes, seeds: list(g.seeds).filter((s): s is number => typeof s === 'number'), trial_ids: list(g.trial_ids)
    .map((t) => text(t)), metrics, curves, notes: list(g.notes).map((n) => text(n)) };
}

/** A curve's intervals: by their ends, or in a page that is to be small by half their width. */
function ends(c: Bag): Pick<Curve, 'ci_low' | 'ci_high'> {
  const half = numbers(c.ci_half);
  if (half.length === 0) return { ci_low: numbers(c.ci_low), ci_high: numbers(c.ci_high) };
  const end = (sign: number): MaybeNumber[] => numbers(c.mean).map((m, i) => (m === null || typeof half[i] !== 'number' ? null : m + sign * half[i]));
  return { ci_low: end(-1), ci_high: end(1) };
}

/** Where a curve's points lie; nothing unless each point has its place. */
function places(c: Bag): Pick<Curve, 'x' | 'x_kind'> {
  const x = numbers(c.x);
  return x.length > 0 && x.length === list(c.mean).length && x.every((v) => v !== null) ? { x: x as number[], x_kind: text(c.x_kind) } : {};
}

const facets = (f: Bag): ComparisonFacets => ({
  total: count(f.total), axis: typeof f.axis === 'string' ? f.axis : null, a: f.a as AxisValue, arms: list(f.arms), axes: list(f.axes).map((a) => text(a)),
  metrics: list(f.metrics).map(bag).map((m) => ({ name: text(m.name), total: count(m.total), decided: count(m.decided) })), averaged: f.averaged === true,
  leads: list(f.leads).map(bag).map((l) => ({ metric: text(l.metric), arm: text(l.arm), ahead: count(l.ahead), total: count(l.total) })),
});

/** Some comparisons, as the server pages them. */
export const readComparisons = (rows: unknown): Comparison[] => list(rows).map(comparison);

function race(r: Record<string, unknown>): Race {
  return {
    looks: list(r.looks).map(bag).map((l) => ({ look: count(l.look), seeds: count(l.seeds), share: count(l.share), at: l.at ? text(l.at) : null,
      called: count(l.called), no_winner: count(l.no_winner), equivalent: count(l.equivalent), undecidable: count(l.undecidable),
      untested: count(l.untested), open: count(l.open), groups: count(l.groups) })),
    margin: maybe(r.margin), planned: count(r.planned), spared: count(r.spared), finished: r.finished === true,
  };
}

/** Some groups, as the server picks them. */
export const readGroups = (groups: unknown): Group[] => list(groups).map(group);

function comparison(value: unknown): Comparison {
  const c = bag(value);
  const d = bag(c.difference);
  return {
    axis: text(c.axis), a: c.a as AxisValue, b: c.b as AxisValue, metric: text(c.metric), where: bag(c.where), averaged_over: list(c.averaged_over)
      .map((n) => text(n)),
    seeds: maybe(c.seeds) ?? undefined,
    difference: { mean: maybe(d.mean), ci_low: maybe(d.ci_low), ci_high: maybe(d.ci_high) },
    p_value: maybe(c.p_value), p_sequential: maybe(c.p_sequential), p_adjusted: maybe(c.p_adjusted),
    decision: text(c.decision), look: maybe(c.look),
    verdict: c.verdict === 'a' || c.verdict === 'b' ? c.verdict : 'undecided',
    better: c.better === 'a' || c.better === 'b' ? c.better : null,
    reason: c.reason ? text(c.reason) : null,
    family: c.family === 'primary' || c.family === 'secondary' ? c.family : '',
    marks: list(c.marks).map(bag).map((m) => ({ kind: text(m.kind), text: text(m.text) })),
    resplit: c.resplit ? { test_to_train: count(bag(c.resplit).test_to_train), ci_low: maybe(bag(c.resplit).ci_low), ci_high: maybe(bag(c.resplit).ci_high) }
      : null,
  };
}

const verdict = (value: unknown): ExpectationVerdict => (value === 'supported' || value === 'refuted' || value === 'empty' ? value : 'undecided');

function expectation(value: unknown): Expectation {
  const e = bag(value);
  const compare = e.compare ? bag(e.compare) : null;
  const registered = e.registered ? bag(e.registered) : null;
  const relation = text(e.relation);
  const groups = list(e.groups).map(expectationGroup);
  return {
    claim: text(e.claim), is: text(e.is), quantity: text(e.quantity, 'x'), relation: relation === '<' || relation === '>' || relation === '>=' ? relation
      : '<=',
    threshold: maybe(e.threshold) ?? 0, absolute: e.absolute === true, unit: text(e.unit), over: e.over === 'median' ? 'median'
      : 'mean', metrics: list(e.metrics).map((m) => text(m)),
    compare: compare && { axis: text(compare.axis), a: text(compare.a), b: text(compare.b) },
    verdict: verdict(e.verdict), reason: e.reason ? text(e.reason) : null,
    registered: registered && { at: text(registered.at), completed: count(registered.completed), total: count(registered.total) },
    groups, decisive: Math.min(Math.max(0, count(e.decisive)), Math.max(0, groups.length - 1)),
    along: e.along ? text(e.along) : null, controls: list(e.controls).map(expectation), fails: typeof e.fails === 'boolean' ? e.fails : null,
  };
}

function expectationGroup(value: unknown): ExpectationGroup {
  const g = bag(value);
  return {
    axes: bag(g.axes), verdict: verdict(g.verdict), mean: maybe(g.mean), low: maybe(g.low), high: maybe(g.high),
    unbounded: g.unbounded === 'above' || g.unbounded === 'below' || g.unbounded === 'both' ? g.unbounded : null, seeds: count(g.seeds),
    given: list(g.per_seed).length, reason: g.reason ? text(g.reason) : null,
  };
}

const expectationRules = (r: Bag): ExpectationRules => ({
  method: text(r.method), supported: count(r.supported), refuted: count(r.refuted), undecided: count(r.undecided),
  empty: count(r.empty), registration: text(r.registration),
  withdrawn: list(r.withdrawn).map((w) => ({ claim: text(bag(w).claim), is: text(bag(w).is) })),
});
