// A stand-in for `sweep serve`, to work on the dashboard without a cluster: node tools/mock.mjs [PORT]
// Serves dist/dashboard under the server's own security headers and plays sweeps in memory, made from sample/report.json:
// one that runs (a trial each 0.8 s; ?speed), one done, one that fails, one paused, one of 100,000 trials, and one whose name is markup.
// Environment: MOCK_TOKEN asks for that token, MOCK_READER for the reader's. Control: POST /mock/down?seconds=N drops every connection for a while,
// POST /mock/trouble?on=1 says that the store does not answer, POST /mock/speed?seconds=S.
import { createServer } from 'node:http';
import { readFileSync, existsSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));
const pages = join(web, 'dist/dashboard');
const port = Number(process.argv[2] ?? 8787);
const sample = JSON.parse(readFileSync(join(web, 'sample/report.json'), 'utf8'));
const token = process.env.MOCK_TOKEN ?? '';
const readerToken = process.env.MOCK_READER ?? '';
let secondsPerTrial = Number(process.env.MOCK_SPEED ?? 0.8);
let downUntil = 0;
let trouble = null;

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri "
    + "'none'; form-action 'none'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** A small generator with a seed: the same play every time. */
function random(seed) {
  let a = seed >>> 0;
  return () => { a = (a + 0x6d2b79f5) | 0; let t = Math.imul(a ^ (a >>> 15), 1 | a); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
}

const hex = (n) => n.toString(16).padStart(8, '0');
const label = (v) => (typeof v === 'object' && v !== null ? v.name ?? v.kind : String(v));
const metricNames = ['log_likelihood', 'energy_distance', 'sliced_wasserstein2', 'mode_coverage', 'steps_to_threshold', 'train_seconds'];

class MockSweep {
  constructor({ id, name, axes, seeds, state = 'running', done = 0, report = null, failing = () => null, submitted, silos = ['node-a/gpu0', 'node-b/cpu'] }) {
    Object.assign(this, { id, name, axes, seeds, state, report, failing, silos, submitted: submitted ?? new Date(Date.now() - 600e3)
      .toISOString(), doneAt: 0, started: Date.now() });
    this.trials = [];
    const combine = (i, key) => {
      if (i === axes.length) {
        for (const seed of seeds) this.trials.push({ n: this.trials.length, key, seed, state: 'queued', attempts: 0, fraction: null, silo: null,
          message: null });
        return;
      }
      for (const v of axes[i].values) combine(i + 1, { ...key, [axes[i].name]: label(v) });
    };
    combine(0, {});
    const r = random(id.length * 7919 + this.trials.length);
    // Trials are worked on nearly in order, a little mixed.
    this.order = this.trials.map((t, i) => [i + r() * 24, t]).sort((a, b) => a[0] - b[0]).map(([, t]) => t);
    this.next = 0;
    for (let i = 0; i < done && i < this.order.length; i++) this.finish(this.start(this.order[this.next++]));
  }
  start(t) { t.state = 'running'; t.attempts++; t.fraction = 0; t.silo = this.silos[t.n % this.silos.length]; return t; }
  finish(t) {
    const why = this.failing(t);
    t.fraction = null;
    t.state = why ? 'failed' : 'completed';
    t.message = why ? why.message : null;
    t.cause = why ? why.cause : null;
    return t;
  }
  tick(dt) {
    if (this.state !== 'running' && this.state !== 'paused') return;
    let touched = false;
    for (const t of this.trials) if (t.state === 'running') {
      t.fraction = Math.min(1, t.fraction + dt / (secondsPerTrial * 2));
      if (t.fraction >= 1) { this.finish(t); touched = true; }
    }
    while (this.state === 'running' && this.next < this.order.length && this.counts().running < 2) {
      const t = this.order[this.next++]; if (t.state === 'queued') this.start(t); }
    const c = this.counts();
    if (c.queued + c.running === 0) this.state = c.completed > 0 ? 'done' : 'failed';
    return touched;
  }
  counts() {
    if (this.trials.length > 5000 && this.cached) return this.cached;
    const c = { total: this.trials.length, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
    for (const t of this.trials) c[t.state]++;
    return (this.cached = c);
  }
  summary() {
    const c = this.counts();
    const ended = c.completed + c.failed + c.cancelled;
    const rate = this.state === 'running' ? 60 / secondsPerTrial : null;
    return { id: this.id, name: this.name, state: this.state, submitted: this.submitted, ...c, fraction: ended / c.total, trials_per_minute: rate,
      eta_seconds: rate ? (c.queued + c.running) / rate * 60 : null };
  }
  metrics(t) {
    if (t.state !== 'completed') return Object.fromEntries(metricNames.map((m) => [m, null]));
    const g = this.report?.groups.find((g) => Object.entries(t.key).every(([a, v]) => label(g.axes[a]) === v));
    if (g) return Object.fromEntries(metricNames.map((m) => [m, g.metrics[m]?.per_seed?.[this.seeds.indexOf(t.seed)] ?? g.metrics[m]?.mean ?? null]));
    const r = random(t.n * 31 + 5);
    const w = Number(t.key.width ?? 16), p = Object.values(t.key).join('').length % 5;
    return { log_likelihood: -2 - 6 / Math.sqrt(w) - p * 0.3 - r() * 0.4, energy_distance: 0.02 + 0.3 / w + r() * 0.01, sliced_wasserstein2: 0.1 + r() * 0.05,
      mode_coverage: 0.9 + r() * 0.1, steps_to_threshold: Math.round(20 + r() * 60), train_seconds: 0.1 * w + r() };
  }
  trial(t) {
    return { id: idOf(t), axes: t.key, seed: t.seed, state: t.state, attempts: t.attempts, phase: t.state === 'running'
      ? (t.fraction < 0.1 ? 'fit' : t.fraction < 0.8 ? 'train' : 'sample')
        : null, fraction: t.fraction, silo: t.silo, message: t.message, metrics: this.metrics(t) };
  }
  reportJson() {
    const done = this.trials.filter((t) => t.state === 'completed');
    if (!this.report || done.length === 0) return null;
    const all = done.length === this.trials.length - this.counts().failed;
    const count = new Map();
    for (const t of done) { const k = JSON.stringify(t.key); count.set(k, (count.get(k) ?? 0) + 1); }
    const groups = this.report.groups.flatMap((g) => {
      const n = count.get(JSON.stringify(Object.fromEntries(this.axes.map((a) => [a.name, label(g.axes[a.name])])))) ?? 0;
      if (n === 0) return [];
      const wide = n >= g.seeds.length ? 1 : 2.2;
      const spread = (m, v) => (v === null || v === undefined || m === null ? v : m + (v - m) * wide);
      const series = (c) => ({ ...c, ci_low: n < 2 ? undefined : c.ci_low?.map((v, i) => spread(c.mean[i], v)), ci_high: n < 2 ? undefined
        : c.ci_high?.map((v, i) => spread(c.mean[i], v)) });
      return [{ ...g, seeds: g.seeds.slice(0, n), curves: Object.fromEntries(Object.entries(g.curves).map(([k, c]) => [k, series(c)])) }];
    });
    const has = (where) => groups.some((g) => Object.entries(where).every(([a, v]) => label(g.axes[a]) === label(v)));
    const comparisons = this.report.comparisons.filter((c) => has(c.where))
      .map((c) => (all ? c : { ...c, verdict: c.p_adjusted !== null && c.p_adjusted < 0.01 ? c.verdict : 'undecided' }));
    const expectations = this.report.expectations.map((e) => (all ? e : { ...e, verdict: 'undecided', reason: 'not every trial has completed' }));
    const failures = this.trials.filter((t) => t.state === 'failed').slice(0, 50)
      .map((t) => ({ trial: idOf(t), axes: t.key, seed: t.seed, cause: t.cause, message: t.message }));
    const c = this.counts();
    const answer = all ? this.report.answer : { ...this.report.answer, headline: `So far: ${this.report.answer.headline}` };
    return { ...this.report, generated: new Date().toISOString(), groups, comparisons, expectations, answer,
      sweep: { ...this.report.sweep, name: this.name, id: this.id },
        trials: { total: c.total, completed: c.completed, failed: c.failed, pruned: 0, cancelled: c.cancelled, unfinished: c.queued + c.running, failures } };
  }
}
const idOf = (t) => hex((t.n * 2654435761) >>> 0) + hex((t.n * 40503 + 77) >>> 0);

const axes = sample.sweep.axes;
const nan = { cause: 'failed', message: 'the loss became NaN at step 812; lower the learning rate' };
const memory = { cause: 'failed', message: 'CUDA out of memory: 2.31 GiB asked for, 1.02 GiB free on gpu0' };
const lost = { cause: 'lost', message: 'the worker was not heard from for 3 leases' };
const sweeps = [
  new MockSweep({ id: '0123456789abcdef', name: 'quickstart', axes, seeds: [0, 1, 2], report: sample, done: Number(process.env.MOCK_DONE ?? 40),
    failing: (t) => (t.key.dataset === 'grid9' && t.key.preprocessing === 'whiten' && t.key.width === '8' && t.seed === 2 ? nan : null) }),
  new MockSweep({ id: '1111111111111111', name: 'quickstart-finished', axes, seeds: [0, 1, 2], report: sample, done: 108, state: 'done',
    submitted: new Date(Date.now() - 86400e3).toISOString() }),
  new MockSweep({ id: '2222222222222222', name: 'wide networks on gpu0',
    axes: [{ name: 'dataset', values: ['ica4', 'grid9'] }, { name: 'preprocessing', values: ['standardize', 'gaussianize'] },
      { name: 'width', values: [64, 256, 1024] }], seeds: [0, 1, 2, 3], report: sample, done: 48, state: 'done', submitted: new Date(Date.now() - 7200e3)
        .toISOString(), failing: (t) => (t.key.width === '1024' ? memory : t.key.width === '256' && t.seed === 3 ? nan
          : t.key.width === '256' && t.seed === 2 && t.key.dataset === 'ica4' ? lost : null) }),
  new MockSweep({ id: '3333333333333333', name: 'paused overnight', axes, seeds: [0, 1, 2], report: sample, done: 70, state: 'paused' }),
  new MockSweep({ id: '4444444444444444', name: '<script>window.hacked=1</script><img src=x onerror="window.hacked=2">',
    axes: [{ name: '<b>axis</b>', values: ['<i>a</i>', '"><script>window.hacked=3</script>'] }, { name: 'width', values: [8, 16] }], seeds: [0, 1], done: 6,
      state: 'done', failing: (t) => (t.seed === 1 && t.key.width === '8' ? { cause: '<u>bad</u>', message: '<script>window.hacked=4</script> broke' }
        : null) }),
  new MockSweep({ id: '5555555555555555', name: 'hundred-thousand',
    axes: [{ name: 'dataset', values: ['ica4', 'grid9', 'ring8', 'moons', 'spirals'] },
      { name: 'preprocessing', values: ['standardize', 'whiten', 'gaussianize', 'none'] },
        { name: 'training.learning_rate', values: [0.0001, 0.0003, 0.001, 0.003, 0.01] },
          { name: 'schedule', values: ['vp-linear', 'vp-cosine', 've', 'edm', 'flow'] }, { name: 'width', values: [4, 8, 12, 16, 24, 32, 48, 64, 96, 128] }],
            seeds: Array.from({ length: 20 }, (_, i) => i), done: 61234, state: 'paused', failing: (t) =>
              (t.n % 997 === 0 ? nan : t.n % 1499 === 0 ? lost : null) }),
  new MockSweep({ id: '6666666666666666', name: 'nothing-yet', axes: [{ name: 'width', values: [8, 16] }], seeds: [0, 1], state: 'waiting',
    submitted: new Date().toISOString() }),
];
const byId = (id) => sweeps.find((s) => s.id === id);
const quarantine = new Map([['node-c/gpu0', { since: new Date(Date.now() - 1800e3)
  .toISOString(), reason: '5 of the last 6 trials failed here and not elsewhere: CUDA out of memory' }]]);

function silos() {
  const now = new Date().toISOString();
  const one = (id, devices, slots, state = null) => {
    const running = sweeps.flatMap((s) => s.trials.length > 5000 ? [] : s.trials.filter((t) => t.state === 'running' && t.silo === id)
      .map((t) => ({ sweep: s.id, sweep_name: s.name, trial: idOf(t), phase: 'train', fraction: t.fraction })));
    const q = quarantine.get(id);
    return { id, state: q ? 'quarantined' : state ?? (running.length ? 'active' : 'idle'), devices, slots, running,
      completed: 40 + sweeps[0].trials.filter((t) => t.silo === id && t.state === 'completed').length, failed: q ? 5
        : 1, first_seen: new Date(Date.now() - 5400e3).toISOString(), last_seen: state === 'silent' ? new Date(Date.now() - 240e3).toISOString()
          : now, quarantined: q?.since ?? null, reason: q?.reason ?? null, artifacts: `/var/lib/sweep/${id}` };
  };
  return [one('node-a/gpu0', 'NVIDIA H200', 4), one('node-b/cpu', 'cpu, 16 cores', 16), one('node-c/gpu0', 'NVIDIA T4', 2),
    one('node-d/cpu', 'cpu, 8 cores', null, 'silent')];
}

const streams = new Set();
function push(stream, name, data) { stream.response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`); }
const listing = () => ({ now: new Date().toISOString(), sweeps: sweeps.map((s) => s.summary()) });
let beat = 0;
setInterval(() => {
  const touched = sweeps.filter((s) => s.trials.length <= 5000 && s.tick(0.25));
  if (++beat % 2) return;
  for (const stream of streams) {
    if (beat % 4 === 0) { push(stream, 'sweeps', listing()); push(stream, 'silos', { silos: silos() }); }
    const s = byId(stream.sweep);
    if (!s) continue;
    push(stream, 'sweep', s.summary());
    if (s.trials.length <= 5000) push(stream, 'running', { trials: s.trials.filter((t) => t.state === 'running').map((t) => s.trial(t)) });
    const n = s.counts().completed;
    if (n !== stream.count) { push(stream, 'completed', { trials: [], count: n }); stream.count = n; }
    if (n !== stream.report && beat % 8 === 0) { push(stream, 'report', { as_of: n, etag: `"${n}"` }); stream.report = n; }
  }
}, 250);

const sessions = new Map();
const cookieOf = (request) => /(?:^|; )sweep=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
const roleOf = (request) => (token === '' ? 'operator' : sessions.get(cookieOf(request)) ?? null);

function json(response, body, status = 200, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text ? JSON.parse(text) : {};
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const path = decodeURI(url.pathname);
  response.setHeader('Content-Security-Policy', csp);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  if (path.startsWith('/mock/')) {
    if (path === '/mock/down') { downUntil = Date.now() + 1000 * Number(url.searchParams.get('seconds') ?? 5); for (const s of streams) s.response.destroy(); }
    if (path === '/mock/speed') secondsPerTrial = Number(url.searchParams.get('seconds'));
    if (path === '/mock/trouble') { trouble = url.searchParams.get('on') ? 'connection refused' : null;
    for (const s of streams) push(s, 'trouble', { about: trouble && 'store', message: trouble }); }
    return json(response, { done: path });
  }
  if (Date.now() < downUntil) { request.socket.destroy(); return; }
  if (!path.startsWith('/api/')) {
    const file = normalize(join(pages, path));
    const found = file.startsWith(pages) && extname(file) && existsSync(file) ? file : join(pages, 'index.html');
    response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream', 'Cache-Control': found.endsWith('.html') ? 'no-cache'
      : 'max-age=31536000, immutable' });
    return response.end(readFileSync(found));
  }
  const role = roleOf(request);
  if (path === '/api/session') return json(response, { authenticated: role !== null, role, csrf: role ? 'csrf'
    : '', version: 'mock', store: 'mock store in memory', now: new Date().toISOString(), embedded: false, auth: token ? 'token' : 'none' });
  if (path === '/api/login') {
    const { token: given } = await bodyOf(request);
    const as = given === token ? 'operator' : readerToken && given === readerToken ? 'reader' : null;
    if (!as) return json(response, { error: 'the token is not the server’s' }, 401);
    const id = Math.random().toString(36).slice(2);
    sessions.set(id, as);
    return json(response, { role: as }, 200, { 'Set-Cookie': `sweep=${id}; HttpOnly; SameSite=Strict; Path=/` });
  }
  if (!role) return json(response, { error: 'not logged in' }, 401);
  if (path === '/api/logout') { sessions.delete(cookieOf(request)); return json(response, { done: 'logged out' }); }
  if (request.method === 'POST') {
    if (request.headers['x-sweep-csrf'] !== 'csrf') return json(response, { error: 'the CSRF header is missing' }, 403);
    if (role !== 'operator') return json(response, { error: 'only an operator may do that' }, 403);
  }
  if (path === '/api/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const stream = { response, sweep: url.searchParams.get('sweep'), count: -1, report: -1 };
    response.write('retry: 2000\n\n');
    push(stream, 'sweeps', listing());
    push(stream, 'silos', { silos: silos() });
    streams.add(stream);
    request.on('close', () => streams.delete(stream));
    return;
  }
  if (path === '/api/sweeps') return json(response, listing());
  if (path === '/api/silos') return json(response, { silos: silos() });
  const silo = /^\/api\/silos\/(.+)\/unquarantine$/.exec(decodeURIComponent(url.pathname));
  if (silo) { quarantine.delete(silo[1]); return json(response, { done: `${silo[1]} gets trials again` }); }
  const [, id, what, third] = /^\/api\/sweeps\/([^/]+)(?:\/([^/]+)(?:\/(.+))?)?$/.exec(path) ?? [];
  const s = byId(id);
  if (!s) return json(response, { error: `no such sweep: ${id}` }, 404);
  if (request.method === 'POST') {
    const before = s.state;
    if (what === 'pause') s.state = 'paused';
    if (what === 'resume') s.state = s.silos.length && s.id !== '6666666666666666' ? 'running' : 'waiting';
    if (what === 'cancel') { for (const t of s.trials) if (t.state === 'queued' || t.state === 'running') t.state = 'cancelled'; s.state = 'cancelled';
    s.cached = null; }
    if (what === 'retry') { const { trials } = await bodyOf(request); let n = 0;
    for (const t of s.trials) if (t.state === 'failed' && (!trials || trials.includes(idOf(t)))) { t.state = 'queued'; s.order.push(t); n++; } s.state =
      'running'; s.cached = null; return json(response, { done: `${n} trials queued again` }); }
    return json(response, { done: `${s.name}: ${before} → ${s.state}` });
  }
  if (!what) {
    const causes = {};
    for (const t of s.trials) if (t.state === 'failed') causes[t.cause] = (causes[t.cause] ?? 0) + 1;
    return json(response, { ...s.summary(), source: sample.sweep.source,
      axes: s.axes.map((a) => ({ name: a.name, values: a.values.map((v) => ({ label: label(v), value: v })) })), seeds: s.seeds,
        baseline_axis: 'preprocessing', metric: 'log_likelihood', metrics: sample.metrics.filter((m) => metricNames.includes(m.name))
          .map(({ name, label, unit, better }) => ({ name, label, unit, better })), causes, expectations: s.report ? sample.expectations.length : 0 });
  }
  if (what === 'grid') {
    const cells = new Map();
    for (const t of s.trials) {
      const k = JSON.stringify(t.key);
      let c = cells.get(k);
      if (!c) cells.set(k, (c = { key: t.key, total: 0, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0, metrics: {}, n: 0 }));
      c.total++;
      c[t.state]++;
      if (t.state === 'completed') { c.n++; for (const [m, v] of Object.entries(s.metrics(t))) if (v !== null) c.metrics[m] =
        (c.metrics[m] ?? 0) + (v - (c.metrics[m] ?? 0)) / c.n; }
    }
    return json(response, { axes: [...s.axes.map((a) => a.name), 'seed'], cells: [...cells.values()].map(({ n, ...c }) => c) });
  }
  if (what === 'trials' && !third) {
    const q = url.searchParams;
    const where = [...q].filter(([k]) => k.startsWith('where.')).map(([k, v]) => [k.slice(6), v]);
    let found = s.trials.filter((t) => (!q.get('state') || t.state === q.get('state'))
      && where.every(([a, v]) => (a === 'seed' ? String(t.seed) : t.key[a]) === v) && (!q.get('q') || idOf(t).startsWith(q.get('q'))));
    const sort = q.get('sort');
    if (sort) {
      const value = (t) => (sort === 'seed' ? t.seed : sort === 'id' ? idOf(t) : sort === 'state' ? t.state : sort === 'attempts' ? t.attempts : sort in t.key
        ? t.key[sort] : s.metrics(t)[sort] ?? null);
      const keyed = found.map((t) => [value(t), t]);
      const sign = q.get('desc') ? -1 : 1;
      keyed.sort(([a], [b]) => (a === null) - (b === null) || sign * (
        typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true })));
      found = keyed.map(([, t]) => t);
    }
    const skip = Number(q.get('skip') ?? 0), take = Math.min(500, Number(q.get('take') ?? 100));
    return json(response, { total: found.length, trials: found.slice(skip, skip + take).map((t) => s.trial(t)) });
  }
  if (what === 'report') {
    const r = s.reportJson();
    if (!r) { response.writeHead(204); return response.end(); }
    return json(response, r, 200, { ETag: `"${r.trials.completed}"`, 'X-Sweep-As-Of': String(r.trials.completed) });
  }
  if (what === 'points') {
    const metrics = (url.searchParams.get('metrics') ?? 'log_likelihood').split(',');
    const done = s.trials.filter((t) => t.state === 'completed');
    const stride = Math.max(1, Math.ceil(done.length / 5000));
    const rows = done.filter((_, i) => i % stride === 0).map(
      (t) => { const m = s.metrics(t); return [...s.axes.map((a) => t.key[a.name]), t.seed, ...metrics.map((n) => m[n] ?? null)]; });
    return json(response, { axes: s.axes.map((a) => a.name), metrics, total: done.length, sampled: stride > 1, rows });
  }
  if (what === 'failures') {
    const groups = new Map();
    for (const t of s.trials) if (t.state === 'failed') {
      const k = `${t.cause} ${t.message}`;
      const g = groups.get(k) ?? { cause: t.cause, message: t.message, count: 0, trials_failed: 0, trials: [], silos: [] };
      groups.set(k, g);
      g.count++;
      g.trials_failed++;
      if (g.trials.length < 5) g.trials.push(idOf(t));
      if (!g.silos.includes(t.silo)) g.silos.push(t.silo);
    }
    return json(response, { failures: [...groups.values()].sort((a, b) => b.count - a.count) });
  }
  if (what === 'trials' && third) {
    const [trialId, artifact] = third.split('/artifacts/');
    const t = s.trials.find((t) => idOf(t) === trialId);
    if (!t) return json(response, { error: `no such trial: ${third}` }, 404);
    if (artifact) { response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Disposition': 'attachment' }); return response.end('mock'); }
    const g = s.report?.groups.find((g) => Object.entries(t.key).every(([a, v]) => label(g.axes[a]) === v));
    const curve = (name, kind, unit, step = 1) => (g?.curves[name] && t.state === 'completed'
      ? { [name]: { x_kind: kind, x_label: kind === 'reverse_step' ? 'reverse step'
        : 'training step', unit, x: g.curves[name].mean.map((_, i) => i * (g.curves[name].step_size ?? step)), y: g.curves[name].mean } } : {});
    const at = (n) => new Date(Date.now() - n * 1000).toISOString();
    return json(response, {
      ...s.trial(t), spec: { ...sample.sweep.spec, ...t.key, seed: t.seed, training: { steps: 4000, batch: 256, learning_rate: 0.01, optimizer: 'adam' } },
        command: `sweep run quickstart.yaml --only ${idOf(t)} --seed ${t.seed}`,
      attempts: t.attempts === 0 ? [] : [...(t.n % 7 === 0 ? [
        { number: 1, outcome: 'lost', silo: 'node-d/cpu', started: at(400), ended: at(300), message: 'the worker was not heard from for 3 leases',
          phase: 'train' }] : []), { number: t.n % 7 === 0 ? 2 : 1, outcome: t.state, silo: t.silo, started: at(120), ended: t.state === 'running' ? null
            : at(60), message: t.message, phase: t.state === 'failed' ? 'train' : null }],
      metrics: Object.fromEntries(Object.entries(s.metrics(t))
        .map(([m, v]) => [m, { value: v, truth_level: g?.metrics[m]?.truth_level ?? null, reason: v === null ? 'not measured' : null }])),
      curves: { ...curve('log_likelihood', 'reverse_step', 'nats'), ...curve('log_likelihood_x0', 'reverse_step', 'nats'),
        ...curve('training_loss', 'training_step', '', 80) },
      log: t.attempts === 0 ? [] : ['leased', 'dataset made: 4096 × 4', 'preprocessing fitted: gaussianize, 4 components', 'training: 4000 steps',
        ...(t.message ? [t.message] : ['sampling: ddpm, 100 steps', 'committed'])]
          .map((text, i) => ({ time: at(120 - i * 9), level: text === t.message ? 'error' : 'info', text })),
      artifacts: t.state !== 'completed' ? [] : t.silo === 'node-b/cpu' ? null
        : [{ name: 'trial.json', bytes: 4123, url: `/api/sweeps/${s.id}/trials/${idOf(t)}/artifacts/trial.json` },
          { name: 'samples.npy', bytes: 131200, url: `/api/sweeps/${s.id}/trials/${idOf(t)}/artifacts/samples.npy` }],
      artifacts_where: 'node-b:/var/lib/sweep/runs',
    });
  }
  return json(response, { error: `no such path: ${path}` }, 404);
});
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
