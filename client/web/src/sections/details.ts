import { h } from '../dom';
import { plural } from '../format';
import { describe } from '../model/axes';
import type { State } from '../state';
import { plainTable } from '../table';

export function failuresSection(state: State): HTMLElement[] {
  const { failures, failed } = state.report.trials;
  const out: HTMLElement[] = [];
  const axes = state.report.sweep.axes.map((a) => a.name);
  if (failures.length > 0) {
    out.push(h('p', {}, `${plural(failures.length, 'trial')} failed for good and ${failures.length === 1 ? 'is' : 'are'} missing from every figure above.`));
    out.push(h('div', { class: 'scroll' }, plainTable({ head: ['trial', 'where', 'seed', 'cause', 'message'],
      rows: failures.map((f) => [f.trial, describe(f.axes, axes.length > 0 ? axes : undefined), String(f.seed ?? '–'), f.cause, f.message]) })));
  } else out.push(h('p', {}, failed > 0 ? `${plural(failed, 'trial')} failed; the report has no details.` : 'No trial failed.'));
  const notes = state.report.settings.flatMap((g) => g.notes.map((n) => [describe(g.axes, axes.length > 0 ? axes : undefined), n]));
  const reasons = new Map<string, Set<string>>();
  for (const g of state.report.settings) for (const [name, m] of Object.entries(g.metrics)) if (m.reason && typeof m.mean !== 'number') {
    const key = `${state.metric(name).label}: ${m.reason}`;
    reasons.set(key, (reasons.get(key) ?? new Set()).add(describe(g.axes, axes.length > 0 ? axes : undefined)));
  }
  if (notes.length > 0) {
    const alike = notesAlike(notes);
    out.push(h('h3', {}, 'Notes'), h('div', { class: 'scroll' },
      plainTable({ head: ['groups', 'note'], rows: alike.map(
        (n) => [n.where.length === 1 ? (n.where[0] ?? '') : String(n.where.length), n.count > 1
          ? `${n.first} (and ${n.count - 1} that ${n.count === 2 ? 'differs' : 'differ'} in numbers)` : n.first]) })));
    if (alike.length < notes.length) out.push(h('details', {}, h('summary', {}, `All ${notes.length} notes`),
      h('div', { class: 'scroll' }, plainTable({ head: ['where', 'note'], rows: notes }))));
  }
  if (reasons.size > 0) {
    out.push(h('details', {}, h('summary', {}, `Numbers that could not be given (${reasons.size} reasons)`),
      h('div', { class: 'scroll' }, plainTable({ head: ['what and why', 'groups'], rows: [...reasons]
        .map(([what, where]) => [what, where.size > 4 ? `${where.size} groups` : [...where].join('; ')]) }))));
  }
  return out;
}

/** Notes that differ in numbers alone are one kind: a warning of every seed and width need not fill pages. */
export function notesAlike(notes: readonly (readonly string[])[]): { first: string; count: number; where: string[] }[] {
  const kinds = new Map<string, { first: string; count: number; where: string[] }>();
  for (const [where = '', note = ''] of notes) {
    const kind = note.replace(/ ?\(seeds? [\d, ]+\)$/, '').replace(/\d+(\.\d+)?(e-?\d+)?/g, '#');
    const known = kinds.get(kind) ?? { first: note, count: 0, where: [] };
    known.count++;
    if (!known.where.includes(where)) known.where.push(where);
    kinds.set(kind, known);
  }
  return [...kinds.values()];
}

export function specSection(state: State): HTMLElement[] {
  const { sweep } = state.report;
  return [
    h('details', { open: sweep.source.length > 0 && sweep.source.length < 4000, class: 'print-open' }, h('summary', {}, 'Spec as written'),
      h('pre', { tabindex: 0 }, sweep.source || 'The spec\u2019s text was not recorded.')),
    h('details', {}, h('summary', {}, 'Spec as resolved, every default filled in'), h('pre', { tabindex: 0 }, JSON.stringify(sweep.spec, null, 2))),
    h('p', { class: 'facts' }, `Sweep id ${sweep.id || '–'} · seeds ${sweep.seeds.join(', ') || '–'}`),
  ];
}

export function environmentSection(state: State): HTMLElement[] {
  const rows = Object.entries(state.report.environment).map(([name, value]) =>
    [name.replace(/_/g, ' '), typeof value === 'object' && value !== null
      ? (Array.isArray(value) && value.every((v) => typeof v !== 'object') ? value.join(', ') : JSON.stringify(value)) : String(value ?? '–')]);
  return [rows.length > 0 ? h('div', { class: 'scroll' }, plainTable({ head: ['', 'this run'], rows })) : h('p', { class: 'none' }, 'Not recorded.')];
}

export function metricsSection(state: State): HTMLElement[] {
  const better = { higher: 'higher', lower: 'lower', truth_level: 'nearer to the truth level', unknown: 'not known' };
  return [
    h('div', { class: 'scroll' }, plainTable({ head: ['metric', 'unit', 'better', 'what it is'],
      rows: state.report.metrics.map((m) => [m.label, m.unit || '–', better[m.better], m.explanation]) })),
    h('p', {},
      'The truth level of a metric is its value for fresh true samples: no model can be told from the truth beyond it. Intervals are 95%, over seeds.'),
  ];
}
