import { h } from '../../dom';
import { plural, unbroken } from '../../format';
import { certainty, leadWords } from '../certainty';
import type { Context } from '../context';
import { endedOf } from '../model';
import type { Sweep } from '../model';
import { setAttribute, setText } from '../patch';
import { hrefOf } from '../router';
import type { SweepData } from '../sweepData';
import { clock, percent, rate, remaining, whole } from '../words';
import { ProgressBar } from './progress';

/** The summary: progress, remaining time, what wins and how certain that is, what failed and why. */
export class Glance {
  readonly element: HTMLElement;
  private readonly bar = new ProgressBar('Progress of the sweep');
  private readonly far = h('p', { class: 'big num' });
  private readonly farOf = h('p', { class: 'small muted' });
  private readonly states = h('p', { class: 'states' });
  private readonly stateLinks: [
    keyof Sweep & ('completed' | 'running' | 'queued' | 'failed' | 'cancelled' | 'held' | 'pruned'), HTMLAnchorElement, HTMLElement][];
  private readonly long = h('p', { class: 'big' });
  private readonly longMore = h('p', { class: 'small muted' });
  private readonly longSpeed = h('p', { class: 'small muted' });
  private readonly longWaits = h('p', { class: 'small warn', hidden: true });
  private readonly silos = h('a', { class: 'warn', href: hrefOf({ view: 'silos' }) });
  private readonly longSilos = h('p', { class: 'small', hidden: true }, this.silos);
  private readonly failed = h('p', { class: 'big' });
  private readonly race = h('p', { class: 'small', hidden: true });
  private readonly causes = h('ul', { class: 'causes' });
  private readonly level = h('span', { class: 'chip' });
  private readonly asOf = h('span', { class: 'small muted' });
  private readonly headline = h('p', { class: 'wins' });
  private readonly certain = h('p', { class: 'small' });
  private readonly leads = h('p', { class: 'small', hidden: true });
  private readonly undo: (() => void)[] = [];
  private last: Sweep | null = null;

  constructor(private readonly context: Context, private readonly data: SweepData) {
    const place = { view: 'sweep' as const, id: data.id };
    this.stateLinks = (['completed', 'running', 'queued', 'failed', 'cancelled', 'held', 'pruned'] as const).map((state) => {
      const n = h('span', { class: 'num' });
      return [state, h('a', { href: hrefOf(place, { tab: 'trials', state }), 'data-state': state }, n, ` ${state}`), n];
    });
    this.states.append(...this.stateLinks.map(([, a]) => a));
    const part = (title: string, cls: string, ...children: (Node | string)[]): HTMLElement =>
      h('section', { class: `panel glance-part ${cls}` }, h('h2', {}, title), ...children);
    this.element = h('div', { class: 'glance' },
      part('How far', 'far', this.far, this.bar.element, this.farOf, this.states, this.race),
      part('How long still', 'long', this.long, this.longMore, this.longSpeed, this.longWaits, this.longSilos),
      part('What failed', 'what-failed', this.failed, this.causes),
      h('section', { class: 'panel glance-part what-wins' }, h('h2', {}, 'What wins, and is it certain?', this.level, this.asOf), this.headline, this.certain,
        this.leads,
        h('p', { class: 'small links' }, h('a', { href: hrefOf(place, { tab: 'comparisons' }) }, 'All comparisons'),
          h('a', { href: hrefOf(place, { tab: 'curves' }) }, 'Curves'))));
    this.undo.push(data.report.use(() => this.answer()), data.failures.use(() => this.failures()), data.detail.use(() => { this.failures(); this.standing(); }),
      context.live.on('tick', () => { if (this.last) this.time(this.last); }));
    this.answer();
  }

  /** On tabs other than the overview the answer is its headline, and how far it is one line. */
  fold(is: boolean): void {
    this.element.classList.toggle('folded', is);
  }

  update(s: Sweep): void {
    this.last = s;
    this.element.classList.toggle('over', this.data.over);
    const ended = endedOf(s);
    setText(this.far, `${whole(ended)} of ${whole(s.total)} trials`);
    const weighted = percent(s.fraction);
    setText(this.farOf, weighted === percent(s.total > 0 ? ended / s.total : 0) ? `${weighted} done`
      : `${weighted} of the work, by what trials are estimated to cost`);
    this.bar.update(s, s.fraction);
    for (const [state, link, n] of this.stateLinks) {
      setText(n, whole(s[state] ?? 0));
      const hidden = (s[state] ?? 0) === 0;
      if (link.hidden !== hidden) link.hidden = hidden;
    }
    this.time(s);
    this.failures();
    if (!this.data.report.value) this.answer();
  }

  /** Where the race stands, or tuning. */
  private standing(): void {
    const words = this.data.detail.value?.race ?? this.data.detail.value?.tuning ?? '';
    setText(this.race, words.charAt(0).toUpperCase() + words.slice(1));
    this.race.hidden = words === '';
  }

  dispose(): void {
    for (const step of this.undo) step();
  }

  private time(s: Sweep): void {
    const words = remaining(s);
    setText(this.long, words.charAt(0).toUpperCase() + words.slice(1));
    const moving = s.state === 'running' || s.state === 'waiting';
    const now = this.context.live.now;
    setText(this.longMore, moving && s.eta_seconds !== null ? `done around ${clock(Math.ceil((now + s.eta_seconds * 1000) / 60_000) * 60_000, now)}`
      : s.state === 'waiting' ? (s.waits ? '' : 'no worker runs a trial') : s.state === 'paused' ? 'no new trials are started' : moving ? '\u00a0'
        : 'nothing is left to do');
    this.longMore.hidden = this.longMore.textContent === '';
    setText(this.longWaits, s.waits ? `${s.waits}.` : '');
    this.longWaits.hidden = !s.waits;
    // Mention idle workers while waiting.
    const all = this.context.live.silos ?? [];
    const out = all.filter((x) => x.state === 'quarantined').length;
    setText(this.silos, `${whole(out)} of ${plural(all.length, 'silo')} ${out === 1 ? 'is' : 'are'} quarantined`);
    this.longSilos.hidden = !moving || out === 0;
    setText(this.longSpeed, moving && s.trials_per_minute ? `${rate(s.trials_per_minute)}${s.running > 0 ? `, ${plural(s.running, 'trial')} at a time` : ''}`
      : '');
  }

  private failures(): void {
    const s = this.last;
    if (!s) return;
    setText(this.failed, s.failed === 0 ? 'Nothing' : `${whole(s.failed)} ${s.failed === 1 ? 'trial' : 'trials'}`);
    setAttribute(this.failed, 'data-bad', s.failed > 0 ? 'yes' : null);
    const all = this.data.failures.value ?? [];
    const groups = s.failed > 0 ? all.filter((g) => g.trials_failed > 0).sort((a, b) => b.trials_failed - a.trials_failed) : [];
    const mended = s.failed === 0 ? all.reduce((n, g) => n + g.count, 0) : 0;
    const place = { view: 'sweep' as const, id: this.data.id };
    const rows = groups.slice(0, 2).map((g): [string, string, string] =>
      [`${whole(g.trials_failed)} ×`, g.message || g.cause, g.cause === 'failed' ? '' : `${g.cause.replace(/_/g, ' ')}: `]);
    const more = groups.length > 2 ? `and ${plural(groups.length - 2, 'other cause')}` : '';
    const key = JSON.stringify([rows, more, mended, s.failed === 0 ? s.completed : 0]);
    if (this.causes.dataset.key === key) return;
    this.causes.dataset.key = key;
    this.causes.replaceChildren(...rows.map(([n, message, cause]) =>
      h('li', { title: message }, h('span', { class: 'num' }, n), h('span', { class: 'clip' }, `${cause}${message}`))),
      ...(groups.length > 0 ? [h('li', {}, h('a', { href: hrefOf(place, { tab: 'failures' }) }, more ? `${more.charAt(0).toUpperCase()}${more.slice(1)}`
        : 'Where and why'))] : mended > 0 ? [h('li', { class: 'muted' },
          `${plural(mended, 'attempt')} ended badly and ${mended === 1 ? 'was' : 'were'} tried again`),
            h('li', {}, h('a', { href: hrefOf(place, { tab: 'failures' }) }, 'Where and why'))] : s.failed === 0 && s.completed > 0
              ? [h('li', { class: 'muted' }, `all ${whole(s.completed)} that have ended completed`)] : []));
  }

  private answer(): void {
    const known = this.data.report.value;
    if (!known) {
      setText(this.headline, this.data.report.loaded || this.data.report.error !== null ? this.data.withoutReport : '\u00a0');
      setText(this.level, 'nothing compared yet');
      setAttribute(this.level, 'data-state', 'queued');
      setText(this.certain, '\u00a0');
      return;
    }
    const { report, asOf } = known;
    setText(this.headline, unbroken(report.answer.headline || 'Nothing to compare yet.'));
    const c = certainty(report, this.data.over);
    setText(this.level, c.level);
    setAttribute(this.level, 'data-state', c.level === 'certain' ? 'completed' : c.level === 'partly certain' ? 'paused' : 'queued');
    setText(this.certain, unbroken(c.words));
    setText(this.leads, c.level === 'certain' ? '' : leadWords(report));
    this.leads.hidden = this.leads.textContent === '';
    setText(this.asOf, `from ${whole(asOf)} of ${whole(report.trials.total)} ${report.trials.total === 1 ? 'trial' : 'trials'}`);
  }
}
