/** report.json, version 2, as the page reads it. Everything optional that an older or poorer report may lack. */

export type AxisValue = unknown;
export type Axes = Readonly<Record<string, AxisValue>>;
/** `null` stands for a number that was not finite or was not measured. */
export type MaybeNumber = number | null;

/** Where a quantity can lie, where it has bounds: an interval of a few seeds reaches beyond them. */
export interface Bounds {
  least?: MaybeNumber;
  most?: MaybeNumber;
}

/** Which way a metric is good. */
export type Better = 'higher' | 'lower' | 'truth_level' | 'unknown';

export interface Metric extends Bounds {
  name: string;
  label: string;
  unit: string;
  /** 'truth_level': the closer to it, from either side, the better. 'unknown': another version stored it. */
  better: Better;
  explanation: string;
}

export interface MetricResult {
  mean?: MaybeNumber;
  ci_low?: MaybeNumber;
  ci_high?: MaybeNumber;
  per_seed?: MaybeNumber[];
  /** Its value for fresh true samples. */
  truth_level?: MaybeNumber;
  reason?: string | null;
}

export interface Curve extends Bounds {
  mean: MaybeNumber[];
  ci_low?: MaybeNumber[];
  ci_high?: MaybeNumber[];
  step_size?: number;
  /** Noise levels or training steps of the points, where they aren't reverse steps. */
  x?: number[];
  x_kind?: string;
  reason?: string | null;
}

export interface Group {
  axes: Axes;
  seeds: number[];
  trial_ids: string[];
  metrics: Record<string, MetricResult>;
  curves: Record<string, Curve>;
  notes: string[];
}

export interface Comparison {
  axis: string;
  a: AxisValue;
  b: AxisValue;
  metric: string;
  where: Axes;
  averaged_over: string[];
  seeds?: number;
  difference: { mean?: MaybeNumber; ci_low?: MaybeNumber; ci_high?: MaybeNumber };
  p_value?: MaybeNumber;
  /** The smallest over looks, each at its share of the level; null where there was one look. */
  p_sequential?: MaybeNumber;
  p_adjusted?: MaybeNumber;
  verdict: 'a' | 'b' | 'undecided';
  better?: 'a' | 'b' | null;
  reason?: string | null;
  /** The family it was adjusted in: by the compared metric, or exploratory. Empty in older reports, which adjusted all together. */
  family: 'primary' | 'secondary' | '';
  /** What became of it in a race; empty in what is none. */
  decision?: string;
  /** The look that decided it, or the last that tested it; null where there was one look. */
  look?: MaybeNumber;
  /** Why the p-value leans on symmetry. */
  marks: { kind: string; text: string }[];
  /** On finite data, whose rows every seed splits again: the interval for rows like these. */
  resplit: { test_to_train: number; ci_low: MaybeNumber; ci_high: MaybeNumber } | null;
}

/** How the verdicts were reached. */
export interface Family {
  /** Comparisons by the compared metric, adjusted together. */
  comparisons: number;
  method: string;
  alpha: number;
  test: string;
  /** Of the primary family; empty in older reports, where all comparisons are one family. */
  metric: string;
  tested: number;
  seeds: number;
  /** Standard deviations of the paired differences that the seeds find with probability 0.8. */
  smallest_effect: MaybeNumber;
  secondary: { metric: string; comparisons: number; certain: number }[];
  /** Looks that p-values are corrected for, the present results (at null) last; empty for a sweep that was never extended with results already there. */
  looks: { look: number; at: string | null; completed: number; total: number; seeds: number; factor: number }[];
  /** A race over seeds; null for what is none. */
  race: Race | null;
}

/** What a race's looks decided, and what it spared. */
export interface Race {
  looks: { look: number; seeds: number; share: number; at: string | null; called: number; no_winner: number; equivalent: number; undecidable: number;
    untested: number; open: number; groups: number }[];
  margin: number | null;
  planned: number;
  spared: number;
  finished: boolean;
}

/** Which axes explain how much of the compared metric's variance on one data set. */
export interface Importance {
  /** Empty where there is but one. */
  dataset: string;
  /** Seeds that every setting has. */
  count: number;
  /** Axes, pairs, then all further interactions together (no axes). */
  effects: { axes: string[]; share: number; low: number | null; high: number | null }[];
  seeds: number | null;
  error: number | null;
  /** Why there is no analysis. */
  reason: string | null;
}

interface ParetoValue { mean: number | null; low: number | null; high: number | null }

export interface ParetoPoint { axes: Axes; x: ParetoValue; y: ParetoValue; front: boolean; beaten: boolean }

/** The settings of one data set by two metrics. */
export interface Pareto {
  dataset: string;
  x: string;
  y: string;
  points: ParetoPoint[];
  left_out: number;
}

/** What there is to choose from and to count among a report's comparisons. */
export interface ComparisonFacets {
  total: number;
  /** The compared axis and its baseline; null without comparisons. */
  axis: string | null;
  a: AxisValue;
  /** What is compared with the baseline. */
  arms: AxisValue[];
  /** The other axes. */
  axes: string[];
  metrics: { name: string; total: number; decided: number }[];
  /** In how many full groups an arm is ahead of the baseline by the mean alone, of those where the two differ. */
  leads: { metric: string; arm: string; ahead: number; total: number }[];
  /** Whether some are means over an axis. */
  averaged: boolean;
}

export type Picture = Axes & { reason?: string };

export interface Failure {
  trial: string;
  axes: Axes;
  seed?: number | null;
  cause: string;
  message: string;
}

export type ExpectationVerdict = 'supported' | 'refuted' | 'undecided' | 'empty';

export interface ExpectationGroup {
  axes: Axes;
  verdict: ExpectationVerdict;
  mean: MaybeNumber;
  low: MaybeNumber;
  high: MaybeNumber;
  /** Which way seeds that never get there leave the range open. */
  unbounded: 'above' | 'below' | 'both' | null;
  seeds: number;
  /** Seeds that it was given: in a race groups have different numbers of them. */
  given: number;
  reason: string | null;
}

export interface Expectation {
  claim: string;
  is: string;
  /** What is held against the threshold: "x", "b - 0.3 a". */
  quantity: string;
  relation: '<' | '<=' | '>' | '>=';
  threshold: number;
  absolute: boolean;
  unit: string;
  over: 'mean' | 'median';
  metrics: string[];
  compare: { axis: string; a: string; b: string } | null;
  verdict: ExpectationVerdict;
  reason: string | null;
  registered: { at: string; completed: number; total: number } | null;
  groups: ExpectationGroup[];
  decisive: number;
  /** The axis along which the condition is to begin to hold. */
  along: string | null;
  /** Where the same must fail. */
  controls: Expectation[];
  /** Of a control: whether it fails, as it must. */
  fails: boolean | null;
}

export interface ExpectationRules {
  method: string;
  supported: number;
  refuted: number;
  undecided: number;
  empty: number;
  registration: string;
  withdrawn: { claim: string; is: string }[];
}

/** What one trial of a group generated. */
export interface GroupPictures {
  axes: Axes;
  trial: string;
  seed: number;
  /** (count, side, side) bytes in base64. */
  images: string;
}

/** The setting with the best mean of the compared metric on one data set. */
export interface BestSetting {
  /** Empty where the sweep has one data set. */
  dataset: string;
  /** Those that vary. */
  axes: Axes;
  /** Of how many settings. */
  of: number;
  /** Settings without a value in some seed. */
  left_out: number;
  seeds: number;
  mean: MaybeNumber;
  ci_low: MaybeNumber;
  ci_high: MaybeNumber;
  truth_level: MaybeNumber;
  /** Training and sampling of a trial. */
  trial_seconds: MaybeNumber;
  not_told_apart: number;
  /** Some of those, the nearest mean first. */
  nearest: { axes: Axes; mean: MaybeNumber; difference: MaybeNumber; ci_low: MaybeNumber; ci_high: MaybeNumber; p_adjusted: MaybeNumber }[];
}

/** What one trial of a group generated, as points. */
export interface GroupCloud {
  axes: Axes;
  trial: string;
  seed: number;
  cloud: Cloud;
  /** Samples beyond the picture's edge. */
  outside: number;
  /** Some of the samples on their way, from the initial noise to the end; empty where that isn't known. */
  moments: { step: number; cloud: Cloud; outside: number }[];
}

/** Points in data units; of one-dimensional data there is no y. */
export interface Cloud {
  x: Float64Array;
  y: Float64Array | null;
}

/** Samples of a dataset as points in a plane. */
export interface Scatter {
  dataset: string;
  dimensions: number;
  /** Names of the one or two coordinates. */
  axes: string[];
  /** The share of the variance in the plane; null where it is the whole space. */
  explained: number | null;
  low: number[];
  high: number[];
  truth: Cloud;
  groups: GroupCloud[];
}

/** What one trial made of its space: of a data set and an arm, at the middle of all other axes. */
export interface Field {
  dataset: string;
  axes: Axes;
  trial: string;
  seed: number;
  dimensions: number;
  /** Latent points lie within plus and minus this. */
  edge: number;
  truth: Cloud;
  points: Cloud;
  /** Lines of a square latent grid in data space, of two dimensions alone. */
  grid: Cloud[];
  /** Samples on their way, one path after the other; and by path the mode that its end is nearest to, where modes are known. */
  paths: { moments: number; cloud: Cloud; modes: number[] | null } | null;
  /** By noise level: where the denoiser sends the points of a square grid. */
  scores: { sigma: number; edge: number; side: number; learned: Cloud; exact: Cloud | null }[];
}

/** Pictures of an image dataset. */
export interface Samples {
  dataset: string;
  side: number;
  real: string;
  groups: GroupPictures[];
}

export interface Bracket { mean: MaybeNumber; low: MaybeNumber; high: MaybeNumber }

/** What a search found. */
export interface Search {
  method: string;
  groups: number;
  seed: number;
  /** Slopes along the ranges, by data set and arm. */
  trends: { dataset: string; arm: string; settings: number; left_out: number; reason: string | null;
    slopes: { axis: string; per: string; slope: Bracket; change: Bracket }[] }[];
  /** Which axes good settings differ in from all, by data set. */
  importance: { dataset: string; reason: string | null; effects: { axis: string; share: number; p_value: number }[] }[];
}

/** A setting that an arm tried. */
export interface TriedSetting {
  values: Axes;
  score: MaybeNumber;
  best_so_far: MaybeNumber;
  failed: number;
}

/** One arm's tuning, or one of its repeats. */
export interface TunedArm {
  axes: Axes;
  /** From 1. */
  repeat: number;
  tried: TriedSetting[];
  /** The number of the chosen setting, from 1; null while none is. */
  choice: number | null;
  /** Keys whose chosen value is the least or largest tried. */
  edge: string[];
  chosen_score: MaybeNumber;
  confirmed: MaybeNumber;
  confirmed_low: MaybeNumber;
  confirmed_high: MaybeNumber;
  trials: number;
  without_score: number;
  training_steps: number;
  train_seconds: number;
}

/** How arms came to their settings. */
export interface Tuning {
  over: string[];
  per: string[];
  method: string;
  settings: number;
  /** Settings that an estimator suggested at a time; 0 where none did. */
  batch: number;
  seed: number;
  seeds: number[];
  repeats: number;
  metric: string;
  better: string;
  arms: TunedArm[];
}

export interface Report {
  version: number;
  /** True while the sweep is not done: values that nothing has completed for yet have their place already. */
  live?: boolean;
  generated: string;
  sweep: {
    name: string;
    id: string;
    spec: unknown;
    source: string;
    axes: { name: string; values: AxisValue[] }[];
    /** Whether groups are a search's settings, no two of which differ in one axis alone. */
    searched: boolean;
    seeds: number[];
    compare: { axis: string; baseline: AxisValue; metric: string };
    threshold_nats: number;
  };
  trials: { total: number; completed: number; failed: number; pruned: number; cancelled: number; unfinished: number; failures: Failure[] };
  environment: Record<string, unknown>;
  metrics: Metric[];
  answer: {
    headline: string;
    sentences: string[];
    /** The few that matter most. Empty in reports made before there were any. */
    key_findings: string[];
  best: BestSetting[];
    /** The sentences by dataset. */
    findings: { title: string; sentences: string[] }[];
    picture: Picture | null;
    /** The panels of the opening picture. */
    pictures: Picture[];
  };
  /** Those that figures show: of a search the best of each data set and arm. */
  groups: Group[];
  /** All of them. */
  settings: Group[];
  /** What a search found; null of a grid. */
  search: Search | null;
  /** How arms were tuned; null where none was. */
  tuning: Tuning | null;
  /** Empty in a brief report, whose comparisons are asked for page by page. */
  comparisons: Comparison[];
  /** Given by a brief report alone; else they are counted from the comparisons. */
  facets: ComparisonFacets | null;
  family: Family | null;
  /** Which axes explain how much, by data set; empty where none but the data set varies. */
  importance: Importance[];
  /** The settings by the two metrics of compare.pareto, by data set; empty where the spec has none. */
  pareto: Pareto[];
  /** Empty where the spec states none. */
  expectations: Expectation[];
  expectation_rules: ExpectationRules | null;
  /** Empty where the data are no images, or the report was made elsewhere than its artifacts are. */
  samples: Samples[];
  scatters: Scatter[];
  fields: Field[];
}
