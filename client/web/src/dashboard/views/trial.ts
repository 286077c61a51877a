import { ChartHost } from '../charts';
import { draw } from '../../charts/option';
import { download, h } from '../../dom';
import { number, withUnit } from '../../format';
import { axisName } from '../../model/axes';
import { armStyle } from '../../palette';
import { besideTruth, planeWords } from '../../figures/scatter';
import { scatter } from '../../model/read';
import { pictures } from '../../sections/samples';
import { plainTable } from '../../table';
import { ApiError, aborted, words } from '../api';
import { Undo, type Context, type View } from '../context';
import { liveCurves } from '../liveCurves';
import { endedOf } from '../model';
import type { Attempt, LiveTrial, SweepDetail, TrialCurve, TrialDetail } from '../model';
import { send } from '../parts/actions';
import { copyButton } from '../../copy';
import type { LinePicture } from '../lines';
import { LineFigure } from '../parts/lineFigure';
import { chip, Chip } from '../parts/progress';
import { setText, throttled } from '../patch';
import { filterKey, hrefOf } from '../router';
import { bytes, clock, duration, percent, whole } from '../words';
import { at } from '../root';

const panel = (title: string, ...children: (Node | string | null | false)[]): HTMLElement => h('section', { class: 'panel' }, h('h2', {}, title), ...children);

/** Groups curves that share a picture: the state and the denoiser's prediction, by their x-axis. */
function drawings(curves: Readonly<Record<string, TrialCurve>>): { title: string; names: string[] }[] {
  const out: { title: string; names: string[] }[] = [];
  // Without a known density, log-likelihoods are empty.
  const names = Object.keys(curves).filter((n) => curves[n]?.y.some((v) => v !== null));
  const likelihood: string[] = names.filter((n) => n === 'log_likelihood' || n === 'log_likelihood_x0');
  if (likelihood.length > 0) out.push({ title: 'Log-likelihood against reverse step', names: likelihood });
  for (const n of names.filter((n) => !likelihood.includes(n))) out.push({ title: n.replace(/_/g, ' ').replace(/^./, (c) => c.toUpperCase()), names: [n] });
  return out;
}

const lineName = (name: string): string => (name === 'log_likelihood' ? 'x\u209c' : name === 'log_likelihood_x0' ? 'x\u0302\u2080' : name.replace(/_/g, ' '));

/** Curves of the log-likelihood are drawn as their gap to the truth level, where there is one. */
function linePicture(detail: TrialDetail, { title, names }: { title: string; names: string[] }): LinePicture {
  const first = detail.curves[names[0] ?? ''] as TrialCurve;
  const truth = names.includes('log_likelihood') ? (detail.metrics.log_likelihood?.truth_level ?? null) : null;
  return {
    title, x: first.x_label ?? (first.x_kind ?? 'step').replace(/_/g, ' '), y: title.split(' against ')[0] ?? '', unit: first.unit ?? '', gap: truth !== null,
    lines: names.map((n, style) => ({ name: lineName(n), style, x: detail.curves[n]?.x ?? [], y: detail.curves[n]?.y ?? [], truth })),
    caption: names.length > 1 ? 'x\u209c: the state after each reverse step; x\u0302\u2080: the denoiser\u2019s prediction of the clean sample; both as '
      + 'their gap to the truth level (that minus the log-likelihood), logarithmic away from 0.' : '',
  };
}

/** A trial: its settings, history and results, and how to reproduce it. */
export function trialView(context: Context, id: string, trial: string): View {
  const undo = new Undo();
  const { api, live } = context;
  const url = `/api/sweeps/${encodeURIComponent(id)}/trials/${encodeURIComponent(trial)}`;
  const sweepLink = h('a', { href: hrefOf({ view: 'sweep', id }) }, id);
  const state = new Chip();
  const facts = h('p', { class: 'facts' }, '\u00a0');
  const actions = h('div', { class: 'actions operators' });
  const body = h('div', {}, h('p', { class: 'none' }, 'Loading …'));
  const running = h('section', { class: 'panel', hidden: true }, h('h2', {}, 'As it runs'));
  const progress = h('p', { class: 'small', role: 'status', hidden: true });
  const element = h('div', {},
    h('p', { class: 'crumb' }, h('a', { href: hrefOf({ view: 'sweeps' }) }, 'Sweeps'), ' / ', sweepLink, ' / ',
      h('a', { href: hrefOf({ view: 'sweep', id }, { tab: 'trials' }) }, 'Trials')),
    h('div', { class: 'head' }, h('h1', { tabindex: -1 }, 'Trial ', h('span', { class: 'mono' }, trial)), state.element, actions),
    facts, progress, running, body);
  let hosts: (ChartHost | LineFigure)[] = [];
  let shown = '';
  let sweep: SweepDetail | null = null;

  const clear = (): void => {
    for (const host of hosts) host.dispose();
    hosts = [];
  };

  const show = (d: TrialDetail): void => {
    state.update(d.state);
    if (d.state !== 'running' && latest !== null) {
      latest = null;
      redraw();
    }
    setText(facts, [...Object.entries(d.axes).map(([a, v]) => `${axisName(a)} ${v}`), `seed ${d.seed}`].join(' · '));
    const key = JSON.stringify(d);
    if (key === shown) return;
    shown = key;
    actions.replaceChildren(...(d.state === 'failed' && live.operator ? [h('button', { type: 'button', class: 'quiet', click: () => void retry() }, 'Retry')]
      : []));
    const open = new Set([...body.querySelectorAll<HTMLDetailsElement>('details[open]')].map((x) => x.dataset.name));
    clear();
    body.replaceChildren(...sections(d));
    for (const details of body.querySelectorAll<HTMLDetailsElement>('details')) if (open.has(details.dataset.name)) details.open = true;
    for (const host of hosts) host.refresh();
  };

  const retry = async (): Promise<void> => {
    if (await context.dialogs.ask({ title: `Retry trial ${trial}?`,
      text: ['It is queued again with fresh attempts. A trial whose settings make it fail will fail again.'], act: 'Retry' }))
      await send(context, `/api/sweeps/${encodeURIComponent(id)}/retry`, { trials: [trial] });
    void load();
  };

  const sections = (d: TrialDetail): HTMLElement[] => {
    const failed = d.state === 'failed' ? [...d.attempts].reverse().find((a) => a.message)?.message : null;
    const curves = drawings(d.curves);
    const measured = Object.entries(d.metrics).filter(([, m]) => m.value !== null || m.reason);
    const label = (name: string): string => { const m = sweep?.metrics.find((x) => x.name === name);
    return m ? withUnit(m.label, m.unit) : name.replace(/_/g, ' '); };
    return [
      ...(failed ? [h('section', { class: 'panel' }, h('h2', {}, 'Why it failed'), h('p', { class: 'message' }, failed))] : []),
      h('div', { class: 'columns even' },
        panel('Attempts', d.attempts.length === 0 ? h('p', { class: 'none' }, 'None yet.') : attempts(d.attempts, live.now)),
        panel('Metrics', measured.length === 0 ? h('p', { class: 'none' }, 'Measured when it completes.')
          : h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Metrics' },
            plainTable({ head: ['metric', 'value', 'truth level', 'note'],
              rows: measured.map(([n, m]) => [label(n), m.value !== null && Number.isInteger(m.value) ? whole(m.value)
                : number(m.value, 5), number(m.truth_level, 4), m.reason ?? '']) })))),
      ...samples(d),
      ...(curves.length > 0 ? [h('section', { class: 'panel' }, h('h2', {}, 'Curves'), ...curves.map((p) => {
        const drawn = new LineFigure(linePicture(d, p));
        hosts.push(drawn);
        return drawn.element;
      }))] : d.state === 'completed' ? [] : [panel('Curves', h('p', { class: 'none' }, 'Drawn when it completes.'))]),
      ...(d.command ? [panel('Do it again', h('div', { class: 'command' },
        h('pre', { tabindex: 0, 'aria-label': 'The command that reproduces the trial' }, d.command), copyButton(() => d.command ?? '', 'Copy the command')))]
          : []),
      panel('Log', d.log.length === 0 ? h('p', { class: 'none' }, 'Nothing was logged.')
        : h('ol', { class: 'log', tabindex: 0, 'aria-label': 'Log' },
          ...d.log.map((l) => h('li', { 'data-level': l.level }, h('time', { class: 'muted num' }, l.time ? clock(Date.parse(l.time), live.now, true) : ''),
            h('span', {}, l.text))))),
      artifacts(d),
      h('section', { class: 'panel' }, h('div', { class: 'head' }, h('h2', {}, 'Resolved spec'),
        copyButton(() => JSON.stringify(d.spec, null, 2), 'Copy the resolved spec'),
          h('button', { type: 'button', click: () => download(`${d.id}.json`, new Blob([JSON.stringify(d.spec, null, 2)], { type: 'application/json' })) },
            'Save')),
        h('pre', { tabindex: 0, 'aria-label': 'Resolved spec' }, JSON.stringify(d.spec, null, 2))),
      h('p', {}, h('a', { href: hrefOf({ view: 'sweep', id },
        Object.fromEntries([['tab', 'trials'], ...Object.entries(d.axes).filter(([a]) => (sweep?.axes.find((x) => x.name === a)?.values.length ?? 2) > 1)
          .map(([a, v]): [string, string] => [filterKey(a), v])])) }, 'Other seeds of the same group')),
    ];
  };

  /** The samples over the true ones, in a plane. */
  const scattered = (d: TrialDetail): HTMLElement[] => {
    if (!d.scatter) return [];
    const cloud = scatter(d.scatter);
    const [group] = cloud.groups;
    const name = 'this trial';
    if (!group) return [];
    const row = besideTruth(cloud, [{ arm: name, group }], '');
    const host = new ChartHost((width, theme) => draw(row, Math.min(width, 640), theme, () => armStyle(0, -1, theme.name)),
      `Samples of trial ${d.id} beside true ones of ${cloud.dataset}`);
    hosts.push(host);
    return [panel('Samples beside the truth', host.element, h('p', { class: 'small muted' },
      `The first ${group.cloud.x.length + group.outside} samples, not chosen, over true ones that training did not see (grey). ${planeWords(cloud)}`))];
  };

  const samples = (d: TrialDetail): HTMLElement[] => {
    const p = d.pictures;
    if (!p) return scattered(d);
    const missing = d.state !== 'completed' ? 'Drawn when it completes.' : d.artifacts === null
      ? `They are on another machine${d.artifacts_where ? `: samples.npy in ${d.artifacts_where}` : ''}.` : 'The trial left no samples.npy here.';
    const row = (name: string, ...children: (Node | string)[]): HTMLElement => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, ...children));
    return [panel('Samples beside real ones',
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Samples beside real ones' }, h('table', { class: 'samples' }, h('tbody', {},
        row('real, held out', pictures(p.real, p.side, `Real pictures of ${p.dataset} that training did not see`)),
        row('generated', p.images === null ? h('span', { class: 'none' }, missing) : pictures(p.images, p.side, `Pictures that trial ${d.id} generated`))))),
      h('p', { class: 'small muted' },
        `${p.side} × ${p.side} pixels, from the least (white) to the greatest (black) of the real ones shown; values beyond are cut off. The first samples, `
          + `not chosen.`))];
  };

  const artifacts = (d: TrialDetail): HTMLElement => {
    if (d.artifacts === null) return panel('Artifacts', h('p', { class: 'none' },
      `They are on another machine${d.artifacts_where ? `: ${d.artifacts_where}` : ''}.`));
    if (d.artifacts.length === 0) return panel('Artifacts', h('p', { class: 'none' }, 'None.'));
    // Link only to our own origin.
    return panel('Artifacts', h('ul', { class: 'files' }, ...d.artifacts.map(
      (a) => h('li', {}, a.url.startsWith('/api/') ? h('a', { href: at(a.url), download: a.name.split('/').pop() ?? a.name }, a.name)
        : a.name, h('span', { class: 'muted small num' }, ` ${bytes(a.bytes)}`)))));
  };

  const load = async (): Promise<void> => {
    try {
      sweep ??= await api.get<SweepDetail>(`/api/sweeps/${encodeURIComponent(id)}`, undo.signal);
      if (sweep) setText(sweepLink, sweep.name);
      const detail = await api.get<TrialDetail>(url, undo.signal);
      if (detail) show(detail);
    } catch (error) {
      if (aborted(error)) return;
      if (shown === '' || error instanceof ApiError) body.replaceChildren(h('p', { class: 'warning', role: 'alert' }, words(error)));
      shown = '';
    }
  };
  const soon = throttled(2000, () => void load());
  let ended = -1;
  let moving: ChartHost[] = [];
  let latest: LiveTrial | null = null;
  /** Redrawn as points come, a few times a second at most; the curves that the store keeps take their place at the end. */
  const redraw = throttled(250, () => {
    for (const host of moving) host.dispose();
    const rows = latest === null ? [] : liveCurves(latest);
    running.hidden = rows.length === 0;
    moving = rows.map((row) => new ChartHost((width, theme) => draw({ ...row, title: '' }, width, theme, () => armStyle(0, -1, theme.name)), row.title));
    running.replaceChildren(h('h2', {}, 'As it runs'), ...rows.map((row, i) => h('figure', { 'data-points': row.panels[0]?.arms[0]?.points.length },
      h('h3', {}, row.title), moving[i]?.element ?? '')));
    for (const host of moving) host.refresh();
  });
  live.follow(id, trial);
  undo.add(soon.cancel, redraw.cancel, clear, () => { for (const host of moving) host.dispose(); },
    live.on('live', (l) => {
      if (l.trial !== trial) return;
      latest = l;
      progress.hidden = false;
      setText(progress, `${l.phase ?? 'running'}${l.fraction === null ? '' : `, ${percent(l.fraction)}`}`);
      redraw();
    }),
    live.on('running', () => {
      const own = live.running.find((t) => t.id === trial);
      progress.hidden = !own;
      setText(progress, own ? `${own.phase ?? 'running'}${own.fraction === null ? '' : `, ${percent(own.fraction)}`}${own.silo ? ` on ${own.silo}` : ''}` : '');
      if ((own !== undefined) !== (state.element.dataset.state === 'running')) soon();
    }),
    live.on('sweep', (s) => {
      const now = endedOf(s);
      if (ended >= 0 && now !== ended && !['completed', 'failed', 'cancelled'].includes(state.element.dataset.state ?? '')) soon();
      ended = now;
    }),
    live.on('refetch', () => soon()));
  void load();
  return { element, title: () => `Trial ${trial.slice(0, 8)}`, query: () => undefined, dispose: () => undo.run() };
}

function attempts(list: readonly Attempt[], now: number): HTMLElement {
  const took = (a: Attempt): string => (a.started && a.ended ? duration((Date.parse(a.ended) - Date.parse(a.started)) / 1000) : '–');
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Attempts' },
    h('table', {}, h('thead', {}, h('tr', {}, ...['#', 'outcome', 'silo', 'began', 'took', 'message'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', {}, ...list.map((a) => h('tr', {}, h('td', { class: 'num' }, String(a.number)), h('td', {}, chip(a.outcome)), h('td', {}, a.silo ?? '–'),
      h('td', { class: 'num' }, a.started ? clock(Date.parse(a.started), now, true) : '–'), h('td', { class: 'num' }, took(a)),
      h('td', {}, [a.phase ? `in ${a.phase}` : '', a.message ?? ''].filter(Boolean).join(': ')))))));
}
