import { pairWords, type ComparisonPage, type ComparisonSource, type Filter, type Sorting } from '../model/comparisons';
import { readComparisons, readGroups, readReport } from '../model/read';
import type { MapInput } from '../figures/map';
import { label, rolesOf } from '../model/axes';
import type { Axes, Group, Report } from '../model/report';
import { aborted, words, type Api } from './api';
import type { Context } from './context';
import { Undo } from './context';
import { mapInput } from './mapInput';
import { endedOf } from './model';
import type { FailureGroup, Grid, MetricInfo, OperatorRequest, Points, Sweep, SweepDetail, TrialPage } from './model';
import { Resource } from './resource';
import { changed, filterKey } from './router';

/** Larger grids have only counts unless a metric is requested. */
const largeGrid = 5000;

const mostGroups = 600;

/** Of more comparisons the map marks those of means alone. */
const mostMarked = 3000;

/** The server returns at most so many comparisons. */
const mostComparisons = 500;

const placeKey = (axes: Axes): string => JSON.stringify(Object.keys(axes).sort().map((n) => [n, label(axes[n])]));

/** The data of a sweep's view, from requests and events. */
export class SweepData {
  readonly detail: Resource<SweepDetail>;
  readonly grid: Resource<Grid>;
  readonly report: Resource<{ report: Report; asOf: number; brief: boolean; picturesElsewhere: boolean }>;
  /** What the map is made of, where the report is too large to have it; null where there is no map. */
  readonly map: Resource<MapInput>;
  readonly points: Resource<Points>;
  readonly failures: Resource<FailureGroup[]>;
  readonly requests: Resource<OperatorRequest[]>;
  /** The latest counts. */
  latest: Sweep | null = null;
  /** The metrics of a completed trial; null before there is one. */
  measured: Set<string> | null = null;
  /** The metric that colours the grid; a large grid has it only on request. */
  private gridMetric: string | null = null;
  private readonly changes = new Set<() => void>();
  private readonly undo = new Undo();
  private readonly api: Api;
  private etag = '';
  /** Number of events of this sweep so far. */
  private told = 0;
  private completed = -1;
  private ended = '';

  constructor(context: Context, readonly id: string) {
    const { api, live } = context;
    this.api = api;
    const base = `/api/sweeps/${encodeURIComponent(id)}`;
    this.detail = new Resource(async (signal) => {
      const told = this.told;
      const [detail, one] = await Promise.all([api.get<SweepDetail>(base, signal), this.measured ? null
        : api.get<TrialPage>(`${base}/trials?state=completed&take=1`, signal)]);
      const first = one?.trials[0];
      if (first) this.measured = new Set(Object.keys(first.metrics));
      // An event received meanwhile is newer than this response.
      if (detail && told === this.told) this.received(detail);
      return detail;
    }, 5000);
    this.grid = new Resource((signal) => api.get<Grid>(
      `${base}/grid${this.gridMetric === null || (this.latest?.total ?? 0) <= largeGrid ? '' : `?metrics=${encodeURIComponent(this.gridMetric)}`}`, signal),
        2500);
    this.points = new Resource((signal) => {
      const metrics = this.metrics.map((m) => m.name).slice(0, 12);
      return metrics.length === 0 ? Promise.resolve(null) : api.get<Points>(`${base}/points?metrics=${encodeURIComponent(metrics.join(','))}`, signal);
    }, 8000);
    this.failures = new Resource(async (signal) => (await api.get<{ failures: FailureGroup[] }>(`${base}/failures`, signal))?.failures ?? null, 4000);
    this.requests = new Resource(async (signal) => (await api.get<{ requests: OperatorRequest[] }>(`${base}/requests`, signal))?.requests ?? null, 2000);
    this.report = new Resource(async (signal) => {
      const answer = await api.text(`${base}/report?form=brief`, signal);
      if (!answer) return null;
      this.etag = answer.headers.get('ETag') ?? '';
      const report = readReport(answer.text);
      const brief = answer.headers.get('X-Sweep-Form') === 'brief';
      report.live = !this.over || brief;
      if (brief) {
        this.adopt(report);
        this.map.stale();
      }
      return { report, brief, picturesElsewhere: answer.headers.get('X-Sweep-Pictures') === 'elsewhere',
        asOf: Number(answer.headers.get('X-Sweep-As-Of') ?? report.trials.completed) };
    }, 2500);
    this.map = new Resource(() => this.askMap(), 15_000);
    live.follow(id);
    this.undo.add(
      live.on('sweep', (s) => { if (s.id === id) this.tell(s); }),
      live.on('sweeps', () => {
        const s = live.sweeps?.find((x) => x.id === id);
        if (s) this.tell(s);
      }),
      live.on('report', (r) => { if (r.etag !== this.etag) this.report.stale(); }),
      live.on('completed', () => this.moved()),
      live.on('refetch', () => {
        for (const r of [this.detail, this.grid, this.points, this.failures, this.requests, this.report, this.map]) r.stale();
      }));
  }

  /** The metrics to show: those of trials, or all known ones while none has completed. */
  get metrics(): MetricInfo[] {
    const all = this.detail.value?.metrics ?? [];
    return this.measured === null ? all : all.filter((m) => this.measured?.has(m.name));
  }

  /** Colours the grid by a metric, which a large grid has only on request. */
  colorGrid(metric: string | null): void {
    if (metric === this.gridMetric) return;
    this.gridMetric = metric;
    if (metric !== null && (this.latest?.total ?? 0) > largeGrid) void this.grid.ask();
  }

  /**
   * Fetches selected groups, which a large sweep's report omits, and adds them to the report.
   * Fetched once, and again while the sweep continues, at most every 15 seconds.
   * @returns whether there are new ones.
   */
  async fetchGroups(wheres: readonly Readonly<Record<string, string>>[]): Promise<boolean> {
    const report = this.report.value?.report;
    if (!report) return false;
    const now = performance.now();
    const wanted = wheres.map((w) => changed(new URLSearchParams(), Object.fromEntries(Object.entries(w).map(([a, v]) => [filterKey(a), v]))).toString())
      .filter((key) => { const asked = this.groupsAsked.get(key); return asked === undefined || (!this.over && now - asked > 15_000); }).slice(0, 12);
    let any = false;
    for (const key of wanted) {
      this.groupsAsked.set(key, now);
      try {
        const answer = await this.api.get<{ groups?: unknown }>(`/api/sweeps/${encodeURIComponent(this.id)}/groups?${key}`, this.undo.signal);
        for (const g of readGroups(answer?.groups)) {
          const place = placeKey(g.axes);
          this.groups.delete(place);
          this.groups.set(place, g);
          any = true;
        }
        // Bounds memory.
        for (const old of this.groups.keys()) {
          if (this.groups.size <= mostGroups) break;
          this.groups.delete(old);
        }
      } catch {
        this.groupsAsked.delete(key);
      }
    }
    if (any && this.report.value) this.adopt(this.report.value.report);
    return any;
  }

  private readonly groupsAsked = new Map<string, number>();
  private readonly groups = new Map<string, Group>();

  private adopt(report: Report): void {
    report.groups = [...this.groups.values()];
  }

  /** A large sweep's comparisons, which the server filters, sorts and pages. */
  readonly comparisons: ComparisonSource = {
    ask: (filter, sort, take, told, failed) => { void this.askComparisons(filter, sort, take)
      .then(told, (error: unknown) => { if (!aborted(error)) failed(words(error)); }); },
  };

  /** Groups and comparisons for the map, from the grid and the server's list. */
  private async askMap(): Promise<MapInput | null> {
    const known = this.report.value;
    if (!known?.brief || rolesOf(known.report).mapped === null) return null;
    const { metric } = known.report.sweep.compare;
    const grid = await this.api.get<Grid>(`/api/sweeps/${encodeURIComponent(this.id)}/grid?metrics=${encodeURIComponent(metric)}`, this.undo.signal);
    const total = known.report.facets?.metrics.find((m) => m.name === metric)?.total ?? 0;
    const averaged = total > mostMarked ? 'only' : '';
    const { rows } = await this.askComparisons({ metric, where: {}, verdict: 'decided', pair: '', averaged }, null, mostMarked);
    return mapInput(grid?.cells ?? [], metric, rows);
  }

  private async askComparisons(filter: Filter, sort: Sorting | null, take: number): Promise<ComparisonPage> {
    const facets = this.report.value?.report.facets;
    const query = new URLSearchParams();
    if (filter.metric) query.set('metric', filter.metric);
    const arm = facets?.arms.map(label).find((b) => pairWords({ a: facets.a, b }) === filter.pair);
    if (arm !== undefined) query.set('arm', arm);
    if (filter.verdict) query.set('verdict', filter.verdict);
    if (filter.averaged) query.set('means', filter.averaged);
    for (const [axis, value] of Object.entries(filter.where)) if (value !== '') query.set(filterKey(axis), value);
    if (sort) {
      query.set('sort', sort.key === 'pair' ? 'arm' : sort.key.replace(/^where:/, 'where.'));
      if (sort.descending) query.set('desc', 'true');
    }
    const out: ComparisonPage = { found: 0, decided: 0, rows: [] };
    do {
      query.set('skip', String(out.rows.length));
      query.set('take', String(Math.min(mostComparisons, take - out.rows.length)));
      const page = await this.api.get<{ found: number; decided: number; rows: unknown }>(
        `/api/sweeps/${encodeURIComponent(this.id)}/comparisons?${query}`, this.undo.signal);
      const rows = readComparisons(page?.rows);
      if (!page || rows.length === 0) break;
      out.found = page.found;
      out.decided = page.decided;
      out.rows.push(...rows);
    } while (out.rows.length < Math.min(take, out.found));
    return out;
  }

  /** Nothing will change any more without an action. */
  get over(): boolean {
    const s = this.latest ?? this.detail.value;
    return s !== null && (s.state === 'done' || s.state === 'failed' || s.state === 'cancelled');
  }

  /** Why there is no report to show. */
  get withoutReport(): string {
    if (this.report.error !== null) return this.report.error;
    if (!this.report.loaded) return 'Loading …';
    return (this.latest?.completed ?? 0) > 0 ? 'The comparison is being computed and will appear here.'
      : 'Nothing has completed yet. This fills in as trials complete.';
  }

  onChange(listener: () => void): () => void {
    this.changes.add(listener);
    return () => { this.changes.delete(listener); };
  }

  dispose(): void {
    this.undo.run();
    for (const r of [this.detail, this.grid, this.points, this.failures, this.requests, this.report, this.map]) r.dispose();
    this.changes.clear();
  }

  private tell(s: Sweep): void {
    this.told++;
    this.received(s);
  }

  private received(s: Sweep): void {
    const before = this.latest;
    this.latest = s;
    const count = endedOf(s) + s.running;
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
    this.requests.stale();
    this.ended = s.state;
    for (const listener of [...this.changes]) listener();
  }

  private moved(): void {
    this.grid.stale();
    this.points.stale();
  }
}
