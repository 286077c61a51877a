import { readReport } from '../model/read';
import type { Report } from '../model/report';
import type { Context } from './context';
import { Undo } from './context';
import type { FailureGroup, Grid, MetricInfo, Points, Sweep, SweepDetail, TrialPage } from './model';
import { Resource } from './resource';

/** Grids of more trials than this have the headline's means alone unless asked for others. */
const largeGrid = 5000;

/** What one sweep's view shows, from the requests and the events about it. */
export class SweepData {
  readonly detail: Resource<SweepDetail>;
  readonly grid: Resource<Grid>;
  readonly report: Resource<{ report: Report; asOf: number }>;
  readonly points: Resource<Points>;
  readonly failures: Resource<FailureGroup[]>;
  /** The counts as they were last heard. */
  latest: Sweep | null = null;
  /** The metrics that a completed trial has; null before there is one. */
  measured: Set<string> | null = null;
  /** The metric that the grid is coloured by, which a large grid has only when asked for. */
  private gridMetric: string | null = null;
  private readonly changes = new Set<() => void>();
  private readonly undo = new Undo();
  private etag = '';
  private completed = -1;
  private ended = '';

  constructor(context: Context, readonly id: string) {
    const { api, live } = context;
    const base = `/api/sweeps/${encodeURIComponent(id)}`;
    this.detail = new Resource(async (signal) => {
      const [detail, one] = await Promise.all([api.get<SweepDetail>(base, signal), this.measured ? null : api.get<TrialPage>(`${base}/trials?state=completed&take=1`, signal)]);
      const first = one?.trials[0];
      if (first) this.measured = new Set(Object.keys(first.metrics));
      if (detail) this.heard(detail);
      return detail;
    }, 5000);
    this.grid = new Resource((signal) => api.get<Grid>(`${base}/grid${this.gridMetric === null || (this.latest?.total ?? 0) <= largeGrid ? '' : `?metrics=${encodeURIComponent(this.gridMetric)}`}`, signal), 2500);
    this.points = new Resource((signal) => {
      const metrics = this.metrics.map((m) => m.name).slice(0, 12);
      return metrics.length === 0 ? Promise.resolve(null) : api.get<Points>(`${base}/points?metrics=${encodeURIComponent(metrics.join(','))}`, signal);
    }, 8000);
    this.failures = new Resource(async (signal) => (await api.get<{ failures: FailureGroup[] }>(`${base}/failures`, signal))?.failures ?? null, 4000);
    this.report = new Resource(async (signal) => {
      const answer = await api.text(`${base}/report`, signal);
      if (!answer) return null;
      this.etag = answer.headers.get('ETag') ?? '';
      const report = readReport(answer.text);
      report.live = !this.over;
      return { report, asOf: Number(answer.headers.get('X-Sweep-As-Of') ?? report.trials.completed) };
    }, 2500);
    live.follow(id);
    this.undo.add(
      live.on('sweep', (s) => { if (s.id === id) this.heard(s); }),
      live.on('sweeps', () => {
        const s = live.sweeps?.find((x) => x.id === id);
        if (s) this.heard(s);
      }),
      live.on('report', (r) => { if (r.etag !== this.etag) this.report.stale(); }),
      live.on('completed', () => this.moved()),
      live.on('refetch', () => {
        for (const r of [this.detail, this.grid, this.points, this.failures, this.report]) r.stale();
      }));
  }

  /** The metrics worth showing: those that trials have, or all that are known of while none has completed. */
  get metrics(): MetricInfo[] {
    const all = this.detail.value?.metrics ?? [];
    return this.measured === null ? all : all.filter((m) => this.measured?.has(m.name));
  }

  /** Colours the grid by a metric, which a large grid does not bring by itself. */
  colorGrid(metric: string | null): void {
    if (metric === this.gridMetric) return;
    this.gridMetric = metric;
    if (metric !== null && (this.latest?.total ?? 0) > largeGrid) void this.grid.ask();
  }

  /** Nothing will change by itself any more. */
  get over(): boolean {
    const s = this.latest ?? this.detail.value;
    return s !== null && (s.state === 'done' || s.state === 'failed' || s.state === 'cancelled');
  }

  /** Why there is no report to show. */
  get withoutReport(): string {
    if (this.report.error !== null) return this.report.error;
    if (!this.report.loaded) return 'Loading …';
    return (this.latest?.completed ?? 0) > 0 ? 'The comparison is being worked out; it appears here by itself.' : 'Nothing has completed yet. This fills in as trials complete.';
  }

  onChange(listener: () => void): () => void {
    this.changes.add(listener);
    return () => { this.changes.delete(listener); };
  }

  dispose(): void {
    this.undo.run();
    for (const r of [this.detail, this.grid, this.points, this.failures, this.report]) r.dispose();
    this.changes.clear();
  }

  private heard(s: Sweep): void {
    const before = this.latest;
    this.latest = s;
    const count = s.completed + s.failed + s.cancelled + s.running;
    if (count !== this.completed) {
      this.completed = count;
      if (before) this.moved();
      if (this.measured === null && s.completed > 0 && before) this.detail.stale();
    }
    if (before && before.failed !== s.failed) {
      this.failures.stale();
      this.detail.stale();
    }
    if (before && this.ended !== s.state) this.report.stale();
    this.ended = s.state;
    for (const listener of [...this.changes]) listener();
  }

  private moved(): void {
    this.grid.stale();
    this.points.stale();
  }
}
