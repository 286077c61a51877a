import { swatch } from '../../charts/export';
import { h, svg } from '../../dom';
import { interval, number, withUnit } from '../../format';
import { axisName } from '../../model/axes';
import { readGroups } from '../../model/read';
import type { Group } from '../../model/report';
import { armStyle } from '../../palette';
import { screen } from '../../screen';
import { aborted, words } from '../api';
import { bestOf } from '../best';
import { choiceOf, chosenKeys, differing, flattened, mostChosen, toggled } from '../chosen';
import { Undo } from '../context';
import type { Line, LinePicture } from '../lines';
import type { MetricInfo, TrialDetail } from '../model';
import { variedAxes } from '../parts/filters';
import { LineFigure } from '../parts/lineFigure';
import { throttled } from '../patch';
import { filterKey, hrefOf } from '../router';
import type { Tab, TabContext } from '../tab';

interface Value { value: number | null; low: number | null; high: number | null; truth: number | null; reason: string | null }
interface Course { x: readonly number[]; y: readonly (number | null)[]; low?: readonly (number | null)[] | undefined;
  high?: readonly (number | null)[] | undefined; label: string; unit: string }

/** What one compared row is known to be; null of what it has none of yet. */
interface Chosen {
  key: string;
  href: string;
  settings: Map<string, string>;
  /** The whole resolved spec; of a group, whose trials differ by their seeds, there is none. */
  spec: Map<string, string> | null;
  metrics: Map<string, Value>;
  curves: Map<string, Course>;
  /** Nothing will change any more. */
  final: boolean;
}

/** Why a row can't be shown, or what it is. */
type Known = Chosen | { key: string; trouble: string };

const likelihood = (name: string): boolean => name === 'log_likelihood' || name === 'log_likelihood_x0';
const titles: Record<string, string> = { log_likelihood: 'Log-likelihood against reverse step',
  log_likelihood_x0: 'Log-likelihood of x\u0302\u2080 against reverse step' };

/** What names a trial and doesn't set it. */
const identity = /^(id|group|seed|axes)(\.|$)/;

/** Chosen trials and groups beside each other: what differs between them, their results, their curves over each other. */
export function compareTab(context: TabContext): Tab {
  const { data, detail, api, router } = context;
  const base = `/api/sweeps/${encodeURIComponent(data.id)}`;
  const undo = new Undo();
  const varied = variedAxes(detail.axes);
  const element = h('div', {});
  const known = new Map<string, Known>();
  const asking = new Set<string>();
  let keys: string[] = [];
  let figures: LineFigure[] = [];
  let shown = '';

  const ofTrial = (key: string, d: TrialDetail): Chosen => ({
    key, href: hrefOf({ view: 'trial', id: data.id, trial: d.id }),
    settings: new Map([...varied.map((a): [string, string] => [axisName(a.name), d.axes[a.name] ?? '–']), ['seed', String(d.seed)]]),
    spec: new Map([...flattened(d.spec)].filter(([path]) => !identity.test(path))),
    metrics: new Map(Object.entries(d.metrics).map(([n, m]) => [n, { value: m.value, low: null, high: null, truth: m.truth_level, reason: m.reason }])),
    curves: new Map(Object.entries(d.curves).filter(([, c]) => c.y.some((v) => v !== null)).map(([n, c]) =>
      [n, { x: c.x, y: c.y, label: c.x_label ?? (c.x_kind ?? 'step').replace(/_/g, ' '), unit: c.unit ?? '' }])),
    final: d.state === 'completed',
  });

  const ofGroup = (key: string, axes: Record<string, string>, group: Group | undefined): Chosen => ({
    key, href: hrefOf({ view: 'sweep', id: data.id }, { tab: 'trials', ...Object.fromEntries(Object.entries(axes).map(([a, v]) => [filterKey(a), v])) }),
    settings: new Map([...varied.map((a): [string, string] => [axisName(a.name), axes[a.name] ?? '–']),
      ['seed', group ? group.seeds.join(', ') : 'none completed']]),
    spec: null,
    metrics: new Map(Object.entries(group?.metrics ?? {}).map(([n, m]) =>
      [n, { value: m.mean ?? null, low: m.ci_low ?? null, high: m.ci_high ?? null, truth: m.truth_level ?? null, reason: m.reason ?? null }])),
    curves: new Map(Object.entries(group?.curves ?? {}).filter(([, c]) => c.mean.some((v) => v !== null)).map(([n, c]) => [n, {
      // A window of training steps ends where its mean is drawn; a reverse step is where it is.
      x: c.x ?? c.mean.map((_, i) => (c.step_size === undefined ? i : (i + 1) * c.step_size)), y: c.mean, low: c.ci_low, high: c.ci_high,
      label: (c.x_kind ?? (likelihood(n) ? 'reverse step' : 'training step')).replace(/_/g, ' '), unit: likelihood(n) ? 'nats' : '',
    }])),
    final: data.over,
  });

  const ask = async (key: string): Promise<void> => {
    const choice = choiceOf(key, detail.axes);
    if (!choice || asking.has(key)) return;
    asking.add(key);
    try {
      if (choice.kind === 'trial') {
        const d = await api.get<TrialDetail>(`${base}/trials/${encodeURIComponent(choice.id)}`, undo.signal);
        if (d) known.set(key, ofTrial(key, d));
      } else {
        const query = new URLSearchParams(Object.entries(choice.axes).map(([a, v]) => [filterKey(a), v]));
        const answer = await api.get<{ groups?: unknown }>(`${base}/groups?${query}`, undo.signal);
        known.set(key, ofGroup(key, choice.axes, readGroups(answer?.groups)[0]));
      }
    } catch (error) {
      if (aborted(error)) return;
      if (!known.has(key)) known.set(key, { key, trouble: words(error) });
    } finally {
      asking.delete(key);
    }
    fill();
  };

  /** A short name for each: the settings in which they differ. */
  const names = (chosen: readonly Chosen[]): string[] => {
    const rows = differing(chosen.map((c) => c.settings));
    const out = chosen.map((c, i) => rows.map(([name, values]) => (name === 'seed' ? `seed ${values[i]}` : values[i])).join(' \u00b7 ')
      || (c.spec ? c.key.slice(0, 12) : [...c.settings].filter(([n]) => n !== 'seed').map(([, v]) => v).join(' \u00b7 ')) || 'all trials');
    return out.map((name, i) => (out.indexOf(name) === i ? name : `${name} (${i + 1})`));
  };

  const pictures = (chosen: readonly Chosen[], labels: readonly string[]): LinePicture[] => {
    const order = ['log_likelihood', 'log_likelihood_x0', 'training_loss', 'validation_loss'];
    const rank = (n: string): number => (order.includes(n) ? order.indexOf(n) : order.length);
    const all = [...new Set(chosen.flatMap((c) => [...c.curves.keys()]))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return all.flatMap((name): LinePicture[] => {
      const lines = chosen.flatMap((c, i): Line[] => {
        const curve = c.curves.get(name);
        return curve ? [{ name: labels[i] as string, style: keys.indexOf(c.key), x: curve.x, y: curve.y, low: curve.low, high: curve.high,
          truth: likelihood(name) ? (c.metrics.get('log_likelihood')?.truth ?? null) : null }] : [];
      });
      const first = chosen.map((c) => c.curves.get(name)).find((c) => c !== undefined);
      const gap = likelihood(name) && lines.some((l) => l.truth !== null);
      const title = titles[name] ?? name.replace(/_/g, ' ').replace(/^./, (c) => c.toUpperCase());
      return [{ title, x: first?.label ?? 'step', y: title.split(' against ')[0] ?? '', unit: first?.unit ?? '', gap, lines,
        caption: [gap ? 'Each as its gap to its own data set\u2019s truth level (that minus the log-likelihood), logarithmic away from 0.' : '',
          lines.some((l) => l.low?.some((v) => v !== null)) ? 'Of a group the mean over its seeds; bands: 95% intervals.' : ''].filter(Boolean).join(' ') }];
    });
  };

  const head = (chosen: readonly Known[], labels: readonly string[]): HTMLElement => h('thead', {}, h('tr', {}, h('td', {}),
    ...chosen.map((c, i) => {
      const name = labels[i] ?? c.key;
      const mark = svg('svg', { width: 36, height: 14, 'aria-hidden': 'true' }, swatch(armStyle(keys.indexOf(c.key), -1, screen.theme.name)));
      return h('th', { scope: 'col' }, mark, 'trouble' in c ? name : h('a', { href: c.href }, name),
        h('button', { type: 'button', class: 'quiet', 'aria-label': `Take ${name} out`, click: () => router.set({ pick: toggled(keys, c.key) }) }, '×'));
    })));

  const row = (name: string, cells: readonly (string | HTMLElement)[]): HTMLElement =>
    h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((c) => h('td', {}, c)));
  const part = (title: string, columns: number, rows: readonly HTMLElement[]): HTMLElement | null => (rows.length === 0 ? null
    : h('tbody', {}, h('tr', { class: 'part-head' }, h('th', { scope: 'rowgroup', colspan: columns + 1 }, title)), ...rows));

  const results = (chosen: readonly Chosen[]): HTMLElement[] => {
    const mixed = new Set(chosen.map((c) => c.settings.get('dataset') ?? '')).size > 1;
    const measured = (m: MetricInfo): boolean => chosen.some((c) => typeof c.metrics.get(m.name)?.value === 'number');
    return detail.metrics.filter(measured).map((m) => {
      const values = chosen.map((c) => c.metrics.get(m.name) ?? { value: null, low: null, high: null, truth: null, reason: null });
      // Two data sets have no common scale.
      const best = chosen.length < 2 || mixed ? null : bestOf(m, values);
      return row(withUnit(m.label, m.unit), values.map((v, i) => {
        const text = v.value === null ? (v.reason ?? '–') : [v.low === null ? number(v.value, 4) : interval(v.value, v.low, v.high),
          m.better === 'truth_level' && v.truth !== null ? `(truth ${number(v.truth, 4)})` : ''].filter(Boolean).join(' ');
        return i === best ? h('b', {}, `${text} best`) : text;
      }));
    });
  };

  const fill = (): void => {
    const all = keys.flatMap((k) => known.get(k) ?? []);
    const key = JSON.stringify([keys, all, screen.theme.name], (_, v: unknown) => (v instanceof Map ? [...v] : v));
    if (key === shown) return;
    shown = key;
    const open = [...element.querySelectorAll<HTMLDetailsElement>('details[open]')].map((x) => x.dataset.name);
    for (const figure of figures.splice(0)) figure.dispose();
    if (keys.length === 0) {
      const trials = (rows: string | null): string => hrefOf({ view: 'sweep', id: data.id }, { tab: 'trials', rows });
      element.replaceChildren(h('section', { class: 'panel' }, h('h2', {}, 'Compare'),
        h('p', { class: 'none' }, 'Choose ', h('a', { href: trials(null) }, 'trials'), ' or ', h('a', { href: trials('groups') }, 'groups'),
          ` by the boxes of their table, up to ${mostChosen}: here their settings, results and curves are beside each other. The address keeps them.`)));
      return;
    }
    const chosen = all.filter((c): c is Chosen => !('trouble' in c));
    const labels = names(chosen);
    const labelOf = (c: Known): string => labels[chosen.indexOf(c as Chosen)] ?? c.key;
    const troubles = all.filter((c): c is { key: string; trouble: string } => 'trouble' in c);
    const table = (...parts: (HTMLElement | null)[]): HTMLElement => h('div', { class: 'scroll', tabindex: 0, role: 'region',
      'aria-label': 'What is compared' }, h('table', { class: 'compared' }, head(chosen, chosen.map(labelOf)), ...parts));
    const axes = differing(chosen.map((c) => c.settings));
    const specs = chosen.every((c) => c.spec !== null) ? differing(chosen.map((c) => c.spec as Map<string, string>)) : [];
    // What an axis says already need not be said by the path that it sets.
    const further = specs.filter(([, values]) => !axes.some(([, own]) => JSON.stringify(own) === JSON.stringify(values)));
    figures = pictures(chosen, labels).map((p) => new LineFigure(p));
    const mixed = axes.some(([name]) => name === 'dataset');
    element.replaceChildren(
      h('section', { class: 'panel' }, h('div', { class: 'head' }, h('h2', {}, 'Compare'),
        h('div', { class: 'controls' }, h('a', { href: hrefOf({ view: 'sweep', id: data.id }, { tab: 'trials', pick: keys.join(','),
          rows: keys.some((k) => k.startsWith(':')) ? 'groups' : null }) }, 'Choose more'),
        h('button', { type: 'button', class: 'quiet', click: () => router.set({ pick: null }) }, 'Clear'))),
      ...troubles.map((t) => h('p', { class: 'warning', role: 'alert' }, `${t.key}: ${t.trouble} `,
        h('button', { type: 'button', click: () => router.set({ pick: toggled(keys, t.key) }) }, 'Take it out'))),
      all.length < keys.length ? h('p', { class: 'none' }, 'Loading …') : '',
      chosen.length === 0 ? '' : table(
        part(chosen.length > 1 ? 'Settings that differ' : 'Settings', chosen.length,
          (chosen.length > 1 ? axes : [...(chosen[0] as Chosen).settings].map(([n, v]): [string, string[]] => [n, [v]])).map(([n, v]) => row(n, v))),
        part('Resolved settings that differ', chosen.length, further.map(([n, v]) => row(n, v))),
        part('Results', chosen.length, results(chosen))),
      h('p', { class: 'small muted' }, chosen.length < 2 ? 'Choose another one to compare it with.'
        : `${chosen.some((c) => c.spec === null) ? 'Of a group the mean over its seeds with its 95% interval. ' : ''}${mixed
          ? 'They are of different data sets, whose results have no common scale: no best is marked. ' : ''}`
          + 'The comparisons say whether a difference is certain: they are paired over seeds and adjusted.')),
      ...(figures.length > 0 ? [h('section', { class: 'panel' }, h('h2', {}, 'Curves'), ...figures.map((f) => f.element))]
        : chosen.length > 0 ? [h('section', { class: 'panel' }, h('h2', {}, 'Curves'), h('p', { class: 'none' }, 'Drawn when one completes.'))] : []));
    for (const details of element.querySelectorAll<HTMLDetailsElement>('details')) if (open.includes(details.dataset.name)) details.open = true;
    for (const figure of figures) figure.refresh();
  };

  const load = (): void => {
    for (const k of keys) {
      const now = known.get(k);
      if (!now || ('trouble' in now) || !now.final) void ask(k);
    }
  };
  const soon = throttled(5000, load);
  let counts = '';
  undo.add(soon.cancel, screen.onChange(fill), () => { for (const figure of figures) figure.dispose(); }, data.onChange(() => {
    const s = data.latest;
    const now = s ? `${s.completed} ${s.failed}` : '';
    if (counts !== '' && now !== counts) soon();
    counts = now;
  }));
  return {
    element,
    query: (query) => {
      keys = chosenKeys(query, detail.axes);
      fill();
      load();
    },
    dispose: () => undo.run(),
  };
}
