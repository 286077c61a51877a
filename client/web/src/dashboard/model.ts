/** The server's responses. docs/dashboard-api.md documents the fields. */

import type { Better } from '../model/report';

export type SweepState = 'running' | 'paused' | 'waiting' | 'done' | 'cancelled' | 'failed';
export type TrialState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'held' | 'pruned';

export interface Session {
  authenticated: boolean;
  role: 'reader' | 'operator' | null;
  csrf: string;
  version: string;
  store: string;
  now: string;
  embedded: boolean;
  auth: 'none' | 'token' | 'oidc';
}

export interface Counts {
  total: number;
  queued: number;
  running: number;
  completed: number;
  failed: number;
  cancelled: number;
  /** Of later looks of a race. */
  held?: number;
  /** Not needed by a race. */
  pruned?: number;
}

/** Trials that will have no attempt any more. */
export const endedOf = (c: Counts): number => c.completed + c.failed + c.cancelled + (c.pruned ?? 0);

export interface Note {
  text: string;
  tags: string[];
}

export interface Sweep extends Counts {
  id: string;
  name: string;
  state: SweepState;
  submitted: string;
  /** Weighted by estimated cost. */
  fraction: number;
  trials_per_minute: number | null;
  eta_seconds: number | null;
  /** What queued trials need that no silo has; null if nothing. */
  waits?: string | null;
  /** The report's headline, of a sweep that is done; null until it is known. */
  answer?: string | null;
  /** Its folder, where several are served. */
  where?: string | null;
  /** What people wrote about it. */
  note?: Note | null;
}

export interface AxisInfo {
  name: string;
  values: { label: string; value: unknown }[];
}

export interface MetricInfo {
  name: string;
  label: string;
  unit: string;
  better: Better | null;
}

export interface SweepDetail extends Sweep {
  source: string;
  axes: AxisInfo[];
  seeds: number[];
  baseline_axis: string | null;
  /** The value of the compared axis that the others are measured against. */
  baseline?: string | null;
  metric: string | null;
  metrics: MetricInfo[];
  /** Where its race stands, in words; null for what is none. */
  race?: string | null;
  /** Where its tuning stands, in words; null where nothing is tuned. */
  tuning?: string | null;
  causes: Record<string, number>;
  expectations: number;
}

export interface GridCell extends Counts {
  key: Record<string, string>;
  metrics: Record<string, number | null>;
}

export interface Grid {
  axes: string[];
  cells: GridCell[];
}

export interface Trial {
  id: string;
  axes: Record<string, string>;
  seed: number;
  state: TrialState;
  attempts: number;
  phase: string | null;
  fraction: number | null;
  silo: string | null;
  message: string | null;
  metrics: Record<string, number | null>;
}

export interface TrialPage {
  total: number;
  trials: Trial[];
}

export interface Points {
  axes: string[];
  metrics: string[];
  total: number;
  sampled: boolean;
  /** Axis labels, the seed, metric values. */
  rows: (string | number | null)[][];
}

/** What an operator asked for. */
export interface OperatorRequest {
  verb: string;
  who: string;
  asked: string;
  done: string | null;
  state: 'done' | 'waits' | 'refused';
  /** How many trials were named; null: all. */
  trials: number | null;
  silo: string | null;
  /** How many trials or silos it changed. */
  count: number;
  refused: string | null;
}

/** A running attempt with its curves so far. */
export interface LiveTrial {
  trial: string;
  attempt: number;
  phase: string | null;
  fraction: number | null;
  /** Training steps behind each of `losses`. */
  steps: number[];
  losses: (number | null)[];
  /** After each reverse step. */
  log_likelihood: (number | null)[];
}

/** A running attempt in a list: the curve that grows, thinned. */
export interface RunningCurve {
  trial: string;
  attempt: number;
  phase: string | null;
  fraction: number | null;
  curve: 'loss' | 'log_likelihood';
  /** Points of the curve so far; `points` are some of them, evenly spread. */
  count: number;
  points: (number | null)[];
}

export interface FailureGroup {
  cause: string;
  message: string;
  /** Attempts with this outcome. */
  count: number;
  /** How many of their trials failed for good; the others were retried. */
  trials_failed: number;
  trials: string[];
  silos: string[];
}

export interface TrialCurve {
  x_kind: string | null;
  x_label: string | null;
  unit: string | null;
  x: number[];
  y: (number | null)[];
}

export interface Attempt {
  number: number;
  outcome: string;
  silo: string | null;
  started: string | null;
  ended: string | null;
  message: string | null;
  phase: string | null;
}

export interface TrialDetail {
  id: string;
  axes: Record<string, string>;
  seed: number;
  state: TrialState;
  spec: unknown;
  command: string | null;
  attempts: Attempt[];
  metrics: Record<string, { value: number | null; truth_level: number | null; reason: string | null }>;
  curves: Record<string, TrialCurve>;
  /** Null if the data aren't images; `images` is null if the trial's samples aren't on the server's machine. */
  pictures: { dataset: string; side: number; real: string; images: string | null } | null;
  /** Of other data: a report's scatter with this trial's group; null if the samples aren't on the server's machine. */
  scatter?: unknown;
  log: { time: string | null; level: string; text: string }[];
  artifacts: { name: string; bytes: number; url: string }[] | null;
  artifacts_where?: string | null;
}

export interface SiloRun {
  sweep: string;
  sweep_name: string;
  trial: string;
  phase: string | null;
  fraction: number | null;
}

export interface Silo {
  id: string;
  state: 'active' | 'idle' | 'silent' | 'quarantined';
  devices: string | null;
  slots: number | null;
  running: SiloRun[];
  completed: number;
  failed: number;
  first_seen: string | null;
  last_seen: string | null;
  quarantined: string | null;
  reason: string | null;
  artifacts: string | null;
}
