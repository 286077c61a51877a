import { inSentence } from './format';
import { axisName, label, matching, rolesOf, valuesOf, type Roles } from './model/axes';
import type { Group, Metric, Report } from './model/report';
import { armStyle, type ArmStyle } from './palette';

/** More columns of panels than this break into lines. */
const mostColumns = 6;

export type CurveView = 'gap' | 'near' | 'raw';

/** What the reader has chosen; every figure follows it. */
export class State {
  readonly roles: Roles;
  readonly arms: string[];
  readonly rows: string[];
  readonly columns: string[];
  readonly chosen: Record<string, string> = {};
  readonly hidden = new Set<string>();
  /** Whether figures are counted: not on a page whose figures come and go. */
  numbered = true;
  view: CurveView = 'gap';
  curve: 'log_likelihood' | 'log_likelihood_x0' = 'log_likelihood';
  /** The one column that panels are drawn for; null: all. */
  picked: string | null = null;
  /** The reverse step at which samples are shown; null: the last. */
  step: number | null = null;
  /** Tells by a `filter` event that the step has changed: few figures depend on it, and it changes many times a second. */
  readonly steps = new EventTarget();
  private readonly baseline: number;
  private readonly listeners = new Set<() => void>();
  private readonly disposers: (() => void)[] = [];

  constructor(public report: Report) {
    this.roles = rolesOf(report);
    const values = (axis: string | null): string[] => (axis === null ? [''] : valuesOf(report, axis));
    this.arms = values(this.roles.arm);
    this.rows = values(this.roles.row);
    this.columns = values(this.roles.column);
    this.baseline = this.arms.indexOf(label(report.sweep.compare.baseline));
    const picture = report.answer.picture;
    for (const axis of this.roles.selectors) {
      const all = valuesOf(report, axis);
      const wanted = picture && axis in picture ? label(picture[axis]) : '';
      this.chosen[axis] = all.includes(wanted) ? wanted : (all[0] ?? '');
    }
  }

  style(arm: string, theme: 'light' | 'dark'): ArmStyle {
    return armStyle(Math.max(0, this.arms.indexOf(arm)), this.baseline, theme);
  }

  /** The group of one arm in one panel, under the reader's selection. */
  group(row: string, column: string, arm: string): Group | undefined {
    const where: Record<string, string> = { ...this.chosen };
    if (this.roles.row !== null) where[this.roles.row] = row;
    if (this.roles.column !== null) where[this.roles.column] = column;
    if (this.roles.arm !== null) where[this.roles.arm] = arm;
    return this.index(where);
  }

  /** The columns that have a panel each. */
  get shownColumns(): string[] {
    return this.picked === null ? this.columns : [this.picked];
  }

  /** Whether there are more columns than are taken in beside each other, so that one can be picked. */
  get picksColumn(): boolean {
    return this.columns.length > 1 && (this.roles.mapped !== null || this.columns.length > mostColumns);
  }

  get shownArms(): string[] {
    return this.arms.filter((a) => !this.hidden.has(a));
  }

  metric(name: string): Metric {
    const found = this.report.metrics.find((m) => m.name === name);
    if (found) return found;
    const [curve, step] = name.split('@') as [string, string | undefined];
    const of = step === undefined ? undefined : this.report.metrics.find((m) => m.name === curve);
    if (of) return { ...of, name, label: `${of.label} at reverse step ${step}`, explanation: `${of.label} read off its curve at reverse step ${step}.` };
    return { name, label: name.replace(/_/g, ' '), unit: '', better: 'unknown', explanation: '' };
  }

  get columnName(): string {
    return this.roles.column === null ? '' : axisName(this.roles.column);
  }

  get rowName(): string {
    return this.roles.row === null ? '' : axisName(this.roles.row);
  }

  /** What the selectors are set to, in words; empty without selectors. */
  get chosenWords(): string {
    const { searched, compare } = this.report.sweep;
    if (searched) return `the best setting of each data set and arm by ${inSentence(this.metric(compare.metric).label)}`;
    return Object.entries(this.chosen).map(([axis, value]) => `${axisName(axis)} ${value}`).join(', ');
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  changed(): void {
    for (const listener of this.listeners) listener();
  }

  /** True when a newer report of the same sweep has the same rows, columns and lines, so that the figures can stay. */
  fits(report: Report): boolean {
    const next = new State(report);
    return JSON.stringify([next.roles, next.arms, next.rows, next.columns]) === JSON.stringify([this.roles, this.arms, this.rows, this.columns]);
  }

  /** Takes a newer report that fits in; the figures draw themselves again. */
  update(report: Report): void {
    this.report = report;
    this.found.clear();
    this.changed();
  }

  /** What holds on to something that outlives the figures lets go of it here. */
  onDispose(step: () => void): void {
    this.disposers.push(step);
  }

  dispose(): void {
    for (const step of this.disposers.splice(0)) step();
    this.listeners.clear();
  }

  private readonly found = new Map<string, Group | undefined>();
  private index(where: Record<string, string>): Group | undefined {
    const key = JSON.stringify(Object.entries(where).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (!this.found.has(key)) this.found.set(key, matching(this.report.groups, where)[0]);
    return this.found.get(key);
  }
}
