import { number, plural } from '../format';
import type { Counts, OperatorRequest, Sweep, SweepState } from './model';

/** A duration in at most two units, coarser the longer it is, so that an estimate doesn't flicker. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** An estimated remaining time, rounded to its accuracy. */
export function estimate(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return 'not known yet';
  if (seconds < 10) return 'a few seconds';
  if (seconds < 55) return `about ${Math.round(seconds / 10) * 10} s`;
  if (seconds < 90) return 'about a minute';
  if (seconds < 600) return `about ${Math.round(seconds / 60)} min`;
  if (seconds < 3600) return `about ${Math.round(seconds / 300) * 5} min`;
  if (seconds < 36_000) return `about ${duration(Math.round(seconds / 900) * 900)}`;
  return `about ${duration(Math.round(seconds / 3600) * 3600)}`;
}

/** "3 min ago" */
export function ago(iso: string | null, now: number): string {
  const at = iso === null ? NaN : Date.parse(iso);
  if (!Number.isFinite(at)) return '–';
  const seconds = (now - at) / 1000;
  return seconds < 5 ? 'just now' : `${duration(seconds)} ago`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** The local time of day, with the date if it isn't today. */
export function clock(at: number, now: number, seconds = false): string {
  const d = new Date(at);
  if (!Number.isFinite(d.getTime())) return '–';
  const time = `${two(d.getHours())}:${two(d.getMinutes())}${seconds ? `:${two(d.getSeconds())}` : ''}`;
  return d.toDateString() === new Date(now).toDateString() ? time : `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${time}`;
}

const thin = '\u202f';

/** 12 345 with narrow spaces. */
export const whole = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, thin);

/** A percentage that is 100 only when everything is done. */
export function percent(fraction: number): string {
  if (fraction >= 1) return '100 %';
  const p = Math.max(0, fraction * 100);
  return `${p > 99 ? '99' : p < 1 && p > 0 ? '< 1' : Math.floor(p)} %`;
}

export const rate = (perMinute: number | null): string =>
  perMinute === null || !(perMinute > 0) ? '–' : perMinute >= 600 ? `${number(perMinute / 60)} trials/s` : perMinute >= 1
    ? `${perMinute < 10 ? number(perMinute, 2) : Math.round(perMinute)} trials/min` : `${number(perMinute * 60, 2)} trials/h`;

/** A line of the log of what operators asked for. */
export function requestWords(r: OperatorRequest): string {
  const what = r.silo !== null ? ` ${r.silo}` : r.trials !== null ? ` ${plural(r.trials, 'trial')}` : '';
  const simple = r.verb === 'pause' || r.verb === 'resume' || r.verb === 'unquarantine' || r.verb === 'note';
  const end = r.state === 'waits' ? 'waits for a silo' : r.state === 'refused' ? `refused: ${r.refused ?? ''}`
    : simple ? (r.count > 0 ? 'done' : 'it was so already') : plural(r.count, 'trial');
  return `${r.verb}${what}: ${end}`;
}

export const stateWords: Record<SweepState, string> = { running: 'running', paused: 'paused', waiting: 'waiting', done: 'done', cancelled: 'cancelled',
  failed: 'done, some failed' };

/** Explanations of the states. */
export const stateHelp: Record<SweepState, string> = {
  running: 'trials are running', paused: 'no new trials are started', waiting: 'trials are queued, but no worker runs any', done: 'every trial has ended',
  cancelled: 'stopped for good', failed: 'every trial has ended; some failed for good',
};

/** The remaining time in words. */
export function remaining(sweep: Sweep): string {
  switch (sweep.state) {
    case 'done': return 'finished';
    case 'cancelled': return 'cancelled';
    case 'failed': return 'finished';
    case 'paused': return sweep.running > 0 ? `paused; ${plural(sweep.running, 'trial')} still running` : 'paused';
    case 'waiting': return sweep.waits ? 'waiting for another worker' : sweep.eta_seconds === null ? 'waiting for a worker' : estimate(sweep.eta_seconds);
    case 'running': return estimate(sweep.eta_seconds);
  }
}

/** "54 completed, 2 running, 52 queued" */
export const countWords = (c: Counts): string =>
  ([[c.completed, 'completed'], [c.failed, 'failed'], [c.cancelled, 'cancelled'], [c.running, 'running'], [c.queued, 'queued'], [c.held ?? 0, 'held'],
    [c.pruned ?? 0, 'not needed']] as [number, string][])
    .filter(([n]) => n > 0).map(([n, what]) => `${whole(n)} ${what}`).join(', ') || 'no trials';

export const bytes = (n: number): string => (n < 1000 ? `${n} B` : n < 1e6 ? `${number(n / 1e3)} kB` : n < 1e9 ? `${number(n / 1e6)} MB`
  : `${number(n / 1e9)} GB`);

/** How many of a silo's slots are in use, and how many of its trials wait for one: where trials are short it takes some ahead. */
export const slotWords = (running: number, slots: number): string =>
  `${Math.min(running, slots)} of ${plural(slots, 'slot')} in use${running > slots ? `, ${running - slots} waiting` : ''}`;
