import type { EChartsCoreOption } from '../charts/echarts';
import type { Draw } from '../charts/host';
import { font } from '../charts/option';
import { tipElement } from '../charts/tip';
import { estimate, mark, outcome, place, satisfies, subject, thresholds } from '../model/expectations';
import type { Expectation, ExpectationGroup } from '../model/report';
import type { Theme } from '../palette';
import { extent, linear, padded, symlog, type Domain, type Scale } from '../scales';

type Shape = Record<string, unknown>;

const pitch = 12, textSize = 12.5, line = 16, small = 14.5, most = 24, labels = 120;

const colors = { supported: { light: '#007a59', dark: '#2fc79a' }, refuted: { light: '#c44e00', dark: '#ff8a3d' },
  undecided: { light: '#767676', dark: '#a8a8a8' }, empty: { light: '#767676', dark: '#a8a8a8' } };

export const verdictColor = (verdict: Expectation['verdict'], theme: Theme): string => colors[verdict][theme.name];

/** The range of a claim's own axis: its bounds and every interval, as each claim has its own unit. */
export function domainOf(e: Expectation): Domain {
  const all = extent([...thresholds(e), ...e.groups.flatMap((g) => [g.mean, g.low, g.high])]) ?? { low: -1, high: 1 };
  return padded(all, scaleOf(e), 0.08);
}

/** Plain, unless a runaway seed would press everything else against the bound. */
export function scaleOf(e: Expectation): Scale {
  const away = e.groups.flatMap((g) => [g.mean, g.low, g.high]).filter((v): v is number => typeof v === 'number')
    .map((v) => Math.min(...thresholds(e).map((t) => Math.abs(v - t)))).filter((v) => v > 0).sort((x, y) => x - y);
  const usual = away[Math.floor(away.length / 2)], most = away[away.length - 1];
  return usual !== undefined && most !== undefined && most > 100 * usual ? symlog(10 ** Math.floor(Math.log10(usual))) : linear;
}

/** Words broken into lines of about a width in pixels; an interval in brackets stays whole. */
export function wrap(text: string, width: number, size: number, perCharacter = 0.53): string[] {
  const room = Math.max(8, Math.floor(width / (size * perCharacter)));
  const out: string[] = [];
  let row = '';
  for (const word of text.match(/\[[^\]]{0,40}\]\S*|\S+/g) ?? []) {
    if (row && row.length + 1 + word.length > room) {
      out.push(row);
      row = word;
    } else row = row ? `${row} ${word}` : word;
  }
  return row ? [...out, row] : out;
}

interface Block {
  e: Expectation;
  groups: readonly ExpectationGroup[];
  claim: string[];
  said: string[];
  /** Room left of the strip for the names of its groups; 0 where there is none. */
  gutter: number;
  top: number;
  strip: { x: number; y: number; width: number; height: number };
  saidAt: { x: number; y: number };
  bottom: number;
}

/** One block per claim: its words, its groups' intervals against its bounds on an axis of its own, what came of it. Stacked where there is no room beside. */
export function blocks(expectations: readonly Expectation[], width: number): Block[] {
  const wide = width >= 760;
  const gutter = wide && expectations.some((e) => e.groups.length > 1) ? labels : 0;
  const words = wide ? Math.round(width * 0.36 - gutter / 2) : width;
  const x = wide ? words + gutter + 8 : 26, right = wide ? Math.round(width * 0.3) : 0;
  let y = 6;
  return expectations.map((e) => {
    const groups = e.groups.slice(0, most);
    const claim = wrap(e.claim, words - 34, textSize, 0.6);
    const said = wrap(outcome(e), wide ? right - 16 : width - 30, 11.5);
    const top = y, height = Math.max(1, groups.length) * pitch + 6;
    const stripY = wide ? top : top + claim.length * line + 4;
    const strip = { x, y: stripY, width: wide ? width - x - right : width - x - 14, height };
    const saidAt = wide ? { x: width - right + 12, y: top + 3 } : { x, y: stripY + height + 18 };
    const bottom = wide ? top + Math.max(claim.length * line, height + 16, said.length * small + 4) : saidAt.y + said.length * small;
    y = bottom + 16;
    return { e, groups, claim, said, gutter: groups.length > 1 ? gutter : 0, top, strip, saidAt, bottom };
  });
}

/** The claims with their intervals: filled dots where a group is decided, hollow where not; what satisfies the claim is shaded. */
export function expectationForest(expectations: readonly Expectation[]): Draw {
  return (width, theme) => {
    const all = blocks(expectations, width);
    const height = (all[all.length - 1]?.bottom ?? 0) + 10;
    return { height, option: option(all, width, height, theme) };
  };
}

function option(all: readonly Block[], width: number, height: number, theme: Theme): EChartsCoreOption {
  const items = all.flatMap((b) => b.groups.map((g, i) => ({ b, g, i })));
  const text = (words: string, x: number, y: number, more: Shape = {}): Shape =>
    ({ type: 'text', silent: true, style: { text: words, x, y, align: 'left', verticalAlign: 'top', fill: theme.ink, fontSize: textSize, fontFamily: font,
      ...more } });
  const at = (b: Block): ((v: number) => number) => {
    const { forward } = scaleOf(b.e);
    const d = domainOf(b.e), low = forward(d.low), length = forward(d.high) - low;
    return (v) => b.strip.x + ((forward(v) - low) / length) * b.strip.width;
  };

  const background = (b: Block, index: number): Shape[] => {
    const { strip, e } = b;
    const d = domainOf(e), place = at(b), color = verdictColor(e.verdict, theme);
    const bounds = thresholds(e);
    const edges = [d.low, ...bounds, d.high];
    const out: Shape[] = [];
    if (index > 0 && e.fails === null) out.push({ type: 'line', silent: true, shape: { x1: 0, y1: b.top - 9, x2: width, y2: b.top - 9 },
      style: { stroke: theme.grid, lineWidth: 0.8 } });
    out.push(e.fails === null ? text(mark(e.verdict), 4, b.top + 1, { fill: color, fontSize: 15, fontWeight: 700 })
      : text('\u21b3', 8, b.top + 1, { fill: theme.muted, fontSize: 14 }));
    b.claim.forEach((words, i) => out.push(text(words, 26, b.top + 2 + i * line,
      e.fails === null ? { fontWeight: 600 } : { fill: theme.muted })));
    for (let i = 0; i + 1 < edges.length; i++) {
      const [from, to] = [edges[i] as number, edges[i + 1] as number];
      if (satisfies(e, (from + to) / 2)) out.push({ type: 'rect', silent: true,
        shape: { x: place(from), y: strip.y, width: place(to) - place(from), height: strip.height }, style: { fill: theme.grid, opacity: 0.75 } });
    }
    out.push({ type: 'line', silent: true, shape: { x1: strip.x, y1: strip.y + strip.height, x2: strip.x + strip.width, y2: strip.y + strip.height },
      style: { stroke: theme.line, lineWidth: 0.8 } });
    for (const bound of bounds) {
      out.push({ type: 'line', silent: true, shape: { x1: place(bound), y1: strip.y - 1, x2: place(bound), y2: strip.y + strip.height + 3 },
        style: { stroke: theme.truth, lineWidth: 1.3 } });
      const near = bounds.length > 1 && place(bounds[1] as number) - place(bounds[0] as number) < 56;
      out.push(text(linear.format(bound), place(bound) + (near ? (bound < 0 ? 3 : -3) : 0), strip.y + strip.height + 4,
        { align: near ? (bound < 0 ? 'right' : 'left') : 'center', fontSize: 10.5, fill: theme.muted }));
    }
    if (scaleOf(e).kind === 'symlog') out.push(text('log', strip.x + strip.width / 2, strip.y + strip.height + 4,
      { align: 'center', fontSize: 10.5, fill: theme.muted }));
    b.said.forEach((words, i) => out.push(text(words, b.saidAt.x, b.saidAt.y + i * small, { fontSize: 11.5, fill: theme.muted })));
    return out;
  };

  const group = ({ b, g, i }: (typeof items)[number]): Shape[] => {
    const y = b.strip.y + 3 + (i + 0.5) * pitch, to = at(b), color = verdictColor(g.verdict, theme);
    const [left, right] = [b.strip.x, b.strip.x + b.strip.width];
    const out: Shape[] = [{ type: 'rect', shape: { x: left, y: y - pitch / 2, width: b.strip.width, height: pitch },
      style: { fill: theme.paper, opacity: 0 } }];
    if (b.gutter > 0) out.push(text(place(b.e, g), left - 6, y,
      { align: 'right', verticalAlign: 'middle', fontSize: 10.5, fill: theme.muted, width: b.gutter - 8, overflow: 'truncate' }));
    const low = typeof g.low === 'number' ? to(g.low) : g.unbounded === 'below' || g.unbounded === 'both' ? left : null;
    const high = typeof g.high === 'number' ? to(g.high) : g.unbounded === 'above' || g.unbounded === 'both' ? right : null;
    if (low === null || high === null) {
      out.push(text('no value', (left + right) / 2, y, { align: 'center', verticalAlign: 'middle', fontSize: 10.5, fill: theme.muted }));
      return out;
    }
    out.push({ type: 'line', shape: { x1: low, y1: y, x2: high, y2: y }, style: { stroke: color, lineWidth: 1.8 } });
    if (g.unbounded === 'above' || g.unbounded === 'both') out.push(
      { type: 'polygon', shape: { points: [[right + 1, y], [right - 6, y - 3.5], [right - 6, y + 3.5]] }, style: { fill: color } });
    if (g.unbounded === 'below' || g.unbounded === 'both') out.push(
      { type: 'polygon', shape: { points: [[left - 1, y], [left + 6, y - 3.5], [left + 6, y + 3.5]] }, style: { fill: color } });
    const style = { fill: g.verdict === 'undecided' ? theme.paper : color, stroke: color, lineWidth: 1.5 };
    if (typeof g.mean === 'number') out.push({ type: 'circle', shape: { cx: to(g.mean), cy: y, r: 3.6 }, style });
    else if (typeof g.low === 'number') out.push({ type: 'rect', shape: { x: low - 1, y: y - 3.5, width: 2, height: 7 }, style });
    return out;
  };

  return {
    animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: font, color: theme.ink },
    grid: { left: 0, right: 0, top: 0, height, outerBoundsMode: 'none' },
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: { type: 'value', min: 0, max: 1, show: false },
    tooltip: {
      trigger: 'item', confine: true, transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.line,
        textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
      formatter: (raw: { dataIndex: number }) => {
        const item = items[raw.dataIndex];
        return item ? tipElement(subject(item.b.e), [{ arm: place(item.b.e, item.g) || item.g.verdict, color: verdictColor(item.g.verdict, theme), x: 0,
          text: `${estimate(item.b.e, item.g)}; ${item.g.verdict}` }]) : '';
      },
    },
    series: [
      { type: 'custom', silent: true, tooltip: { show: false }, data: all.map(() => [0, 0]), encode: {}, clip: false, z: 1,
        renderItem: (p: { dataIndex: number }) => ({ type: 'group', children: background(all[p.dataIndex] as Block, p.dataIndex) }) },
      { type: 'custom', data: items.map(() => [0, 0]), encode: {}, clip: false, z: 3, renderItem: (p: { dataIndex: number }) =>
        ({ type: 'group', children: group(items[p.dataIndex] as (typeof items)[number]) }) },
    ],
  };
}
