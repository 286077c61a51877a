import type { ArmMarks, AxisSpec, PanelSpec, RowSpec } from '../charts/spec';
import { interval, number } from '../format';
import { isNumeric, label } from '../model/axes';
import type { TunedArm, Tuning } from '../model/report';
import { armOf, placeOf, scoreWords } from '../model/tuning';
import { linear } from '../scales';
import type { State } from '../state';
import { dodge, rangeAxis, valueAxis } from './common';

const shape = { ratio: 0.62, least: 190, most: 300 };

/** The arms by panel, those that the reader has hidden left out. */
function panels(state: State, tuning: Tuning): Map<string, TunedArm[]> {
  const found = new Map<string, TunedArm[]>();
  for (const arm of tuning.arms) {
    const place = placeOf(state.report, tuning, arm);
    const there = found.get(place) ?? [];
    if (state.shownArms.includes(armOf(state.report, arm)) || state.arms.length === 0) there.push(arm);
    found.set(place, there);
  }
  return found;
}

/** One scale for all panels. */
function scoreAxis(state: State, tuning: Tuning, values: readonly (number | null)[]): AxisSpec {
  const words = scoreWords(state, tuning);
  return valueAxis(words.charAt(0).toUpperCase() + words.slice(1), values);
}

/** By setting its score and the best so far; behind the last one the chosen setting's score on the sweep's seeds. */
export function bestSoFar(state: State, tuning: Tuning): RowSpec {
  const y = scoreAxis(state, tuning, tuning.arms.flatMap((a) => [...a.tried.map((t) => t.score), a.confirmed, a.confirmed_low, a.confirmed_high]));
  const n = tuning.settings;
  const last = n + Math.max(1, n * 0.09);
  const every = Math.max(1, Math.ceil(n / 8));
  const numbers = Array.from({ length: n }, (_, i) => i + 1).filter((i) => i === 1 || (i % every === 0 && n - i >= every / 2) || i === n);
  const x: AxisSpec = {
    name: 'setting tried', scale: linear, domain: { low: 0.4, high: last + Math.max(0.6, n * 0.05) },
    ticks: [...numbers.map((i) => ({ at: i, label: String(i) })), { at: last, label: 'confirmed' }],
  };
  const drawn = [...panels(state, tuning)].map(([title, arms]): PanelSpec => ({
    title, x, y, rulers: [],
    arms: arms.flatMap((arm, i): ArmMarks[] => {
      const name = armOf(state.report, arm);
      const at = (t: TunedArm['tried'][number]): string => tuning.over.map((o) => `${o} ${label(t.values[o] ?? '')}`).join(', ');
      const best: ArmMarks = {
        arm: name, line: true, interval: 'none', markEvery: n + 1,
        points: arm.tried.map((t, k) => ({ x: k + 1, y: t.best_so_far, tip: `${at(t)}: ${t.score === null ? 'no score' : number(t.score)}, best so far `
          + `${t.best_so_far === null ? 'none' : number(t.best_so_far)}${arm.choice === k + 1 ? ' (chosen)' : ''}` })),
        dots: arm.tried.flatMap((t, k) => (t.score === null ? [] : [{ x: k + 1, y: t.score, tip: `${at(t)}: ${number(t.score)}` }])),
      };
      const confirmed: ArmMarks = {
        arm: name, line: false, interval: 'bars', markEvery: 1,
        points: arm.confirmed === null ? [] : [{ x: last + dodge(i, arms.length, n * 0.08), y: arm.confirmed, low: arm.confirmed_low, high: arm.confirmed_high,
          tip: `confirmed ${interval(arm.confirmed, arm.confirmed_low, arm.confirmed_high)}, chosen by `
            + `${arm.chosen_score === null ? 'no score' : number(arm.chosen_score)}` }],
      };
      return [best, confirmed];
    }),
    note: arms.some((a) => a.tried.some((t) => t.score !== null)) ? undefined : 'no score yet',
    tipHead: (v) => (v > n + 0.5 ? 'on the sweep\u2019s seeds' : `setting ${Math.round(v)}`),
  }));
  return { title: '', panels: drawn, sharedY: true, shape, tooltip: 'item' };
}

/** A row per tuned key that is a number: every score against its value, the chosen one marked. */
export function tried(state: State, tuning: Tuning): RowSpec[] {
  const y = scoreAxis(state, tuning, tuning.arms.flatMap((a) => a.tried.map((t) => t.score)));
  return tuning.over.flatMap((key): RowSpec[] => {
    const values = tuning.arms.flatMap((a) => a.tried.map((t) => t.values[key]));
    const texts = values.map((v) => label(v ?? ''));
    if (!isNumeric(texts)) return [];
    const x = rangeAxis(key, texts.map(Number));
    const drawn = [...panels(state, tuning)].map(([title, arms]): PanelSpec => ({
      title, x, y, rulers: [],
      arms: arms.map((arm): ArmMarks => {
        const there = arm.tried.map((t, i) => ({ i, x: Number(label(t.values[key] ?? '')), t })).filter((p) => p.t.score !== null).sort((a, b) => a.x - b.x);
        return {
          arm: armOf(state.report, arm), line: false, interval: 'none', markEvery: 1,
          points: there.filter((p) => p.i + 1 === arm.choice)
            .map((p) => ({ x: p.x, y: p.t.score, tip: `${number(p.x)}: ${number(p.t.score ?? NaN)} (chosen)` })),
          dots: there.map((p) => ({ x: p.x, y: p.t.score ?? NaN, tip: `${number(p.x)}: ${number(p.t.score ?? NaN)}` })),
        };
      }),
    }));
    return [{ title: '', panels: drawn, sharedY: true, shape, tooltip: 'item' }];
  });
}
