import { h } from '../dom';
import { Api, Unreachable, words } from './api';
import type { Context, View } from './context';
import { Keys } from './keys';
import { Live } from './live';
import type { Session } from './model';
import { Notifier } from './notify';
import { Dialogs } from './parts/dialog';
import { setAttribute, setText } from './patch';
import { hrefOf, pathOf, Router, type Place } from './router';
import { loginView } from './views/login';
import { sweepsView } from './views/sweeps';
import { clock, duration } from './words';

/** The frame around the views: session, navigation, state of the connection. */
export class App {
  private readonly api = new Api();
  private readonly live = new Live();
  private readonly router = new Router();
  private readonly context: Context = { api: this.api, live: this.live, router: this.router, dialogs: new Dialogs(), say: (text, kind) =>
    this.say(text, kind) };
  private readonly page = h('main', { id: 'page' });
  private readonly banner = h('div', { class: 'banner', hidden: true, role: 'alert' });
  private readonly bannerWords = h('span');
  private readonly bannerNext = h('span', { class: 'muted' });
  private readonly said = h('div', { class: 'said', role: 'status', 'aria-live': 'polite' });
  private readonly pulse = h('span', { class: 'pulse' }, 'connecting');
  private readonly who = h('span', { class: 'who' });
  private readonly out = h('button', { type: 'button', class: 'quiet', hidden: true, click: () => void this.logout() }, 'Log out');
  private readonly links: [string, HTMLAnchorElement][] = [
    ['sweeps', h('a', { href: hrefOf({ view: 'sweeps' }) }, 'Sweeps')], ['silos', h('a', { href: hrefOf({ view: 'silos' }) }, 'Silos')],
  ];
  private readonly nav = h('nav', { 'aria-label': 'Main' }, ...this.links.map(([, a]) => a));
  private readonly keys = new Keys(this.context, () => this.loggedIn);
  private readonly notifier = new Notifier(this.context);
  private view: View | null = null;
  private shown = '';
  private loggedIn = false;
  private routing = false;

  async start(): Promise<void> {
    const retry = h('button', { type: 'button', click: () => this.live.again() }, 'Try now');
    this.banner.append(this.bannerWords, this.bannerNext, retry);
    document.body.append(
      h('a', { class: 'skip', href: '#page' }, 'Skip to the content'),
      h('header', { class: 'bar' }, h('div', { class: 'bar-in' },
        h('a', { class: 'brand', href: hrefOf({ view: 'sweeps' }) }, h('span', { class: 'logo', 'aria-hidden': 'true' }), 'Sweep'), this.nav,
          h('div', { class: 'bar-right' }, this.pulse, this.who, this.notifier.element, this.keys.element, this.out))),
      this.banner, this.page, this.said);
    this.page.tabIndex = -1;
    this.api.onUnauthorized = () => this.login('Your session has ended.');
    this.live.unauthorized = () => this.login('Your session has ended.');
    this.live.on('connection', () => this.connection());
    this.live.on('tick', () => this.connection());
    await this.begin();
  }

  private async begin(): Promise<void> {
    let session: Session | null;
    try {
      session = await this.api.get<Session>('/api/session');
    } catch (error) {
      // Not even the session is known yet: wait for the server.
      this.page.replaceChildren(h('p', { class: 'warning', role: 'alert' }, error instanceof Unreachable ? 'The server does not answer. Trying again …'
        : `The dashboard can’t be shown: ${words(error)}`));
      setTimeout(() => void this.begin(), 3000);
      return;
    }
    if (!session?.authenticated) {
      this.login('', session?.auth ?? 'token');
      return;
    }
    this.loggedIn = true;
    this.api.csrf = session.csrf;
    this.live.began(session);
    document.body.classList.toggle('reader', session.role !== 'operator');
    setText(this.who, session.role === 'reader' ? 'read only' : '');
    setAttribute(this.who, 'title', session.role === 'reader' ? 'Changing anything needs an operator’s token.' : null);
    setAttribute(this.nav, 'title', `Sweep ${session.version}, store ${session.store}`);
    this.out.hidden = session.auth === 'none';
    this.shown = '';
    if (this.routing) this.route(this.router.place, this.router.query);
    else {
      this.routing = true;
      this.router.start((place, query) => this.route(place, query));
    }
  }

  private login(why: string, auth: Session['auth'] = this.live.session?.auth ?? 'token'): void {
    if (this.shown === 'login') return;
    this.loggedIn = false;
    this.live.unfollow();
    this.view?.dispose();
    this.shown = 'login';
    this.out.hidden = true;
    setText(this.who, '');
    this.view = loginView(this.context, why, auth, () => void this.begin());
    this.page.replaceChildren(this.view.element);
    document.title = 'Log in – Sweep';
    this.connection();
    this.page.querySelector<HTMLElement>('input')?.focus();
  }

  private async logout(): Promise<void> {
    try {
      await this.api.post('/api/logout');
    } catch { /* Without a session there is nothing to log out of. */ }
    this.login('You are logged out.');
  }

  private route(place: Place, query: URLSearchParams): void {
    if (!this.loggedIn) return;
    const key = pathOf(place);
    const section = place.view === 'silos' ? 'silos' : place.view === 'nowhere' ? '' : 'sweeps';
    for (const [name, link] of this.links) setAttribute(link, 'aria-current', name === section ? (key === link.pathname ? 'page' : 'true') : null);
    if (key === this.shown) {
      this.view?.query(query);
      if (this.view) document.title = `${this.view.title()} – Sweep`;
      return;
    }
    const first = this.shown === '';
    this.shown = key;
    this.view?.dispose();
    this.view = null;
    void this.make(place).then((view) => {
      if (this.shown !== key) {
        view.dispose();
        return;
      }
      this.view = view;
      this.page.replaceChildren(view.element);
      document.title = `${view.title()} – Sweep`;
      if (!first) {
        window.scrollTo(0, 0);
        // Screen readers announce the new heading.
        (this.page.querySelector<HTMLElement>('h1[tabindex]') ?? this.page).focus({ preventScroll: true });
      }
    }, (error: unknown) => {
      this.page.replaceChildren(h('p', { class: 'warning', role: 'alert' }, `This view can’t be shown: ${words(error)}`));
    });
  }

  private async make(place: Place): Promise<View> {
    switch (place.view) {
      case 'sweeps': return sweepsView(this.context);
      case 'silos': return (await import('./views/silos')).silosView(this.context);
      case 'sweep': return (await import('./views/sweep')).sweepView(this.context, place.id);
      case 'trial': return (await import('./views/trial')).trialView(this.context, place.id, place.trial);
      case 'nowhere': return {
        element: h('div', {}, h('h1', { tabindex: -1 }, 'There is no such page'), h('p', {}, `${place.path} leads nowhere.`),
          h('p', {}, h('a', { href: hrefOf({ view: 'sweeps' }) }, 'All sweeps'))),
        title: () => 'Not found', query: () => undefined, dispose: () => undefined,
      };
    }
  }

  private lostFor(): { since: number; text: string } | null {
    const { connection, trouble, over } = this.live;
    if (over) return null;
    if (connection.state === 'lost') return { since: connection.since, text: 'Connection lost' };
    switch (trouble?.about) {
      case 'store': return { since: trouble.since, text: `The store can’t be read (${trouble.message})` };
      case 'sweep': return { since: trouble.since, text: `This sweep can’t be read (${trouble.message})` };
      default: return null;
    }
  }

  private connection(): void {
    const lost = this.loggedIn ? this.lostFor() : null;
    const { over } = this.live;
    const state = !this.loggedIn ? '' : over ? 'ended' : lost ? 'lost' : this.live.connection.state === 'open' ? 'live' : 'connecting';
    setText(this.pulse, state);
    setAttribute(this.pulse, 'data-state', state);
    // Most lost connections are back before anybody could read about it.
    const show = lost !== null && Date.now() - lost.since > 1500;
    document.body.classList.toggle('stale', show);
    const ended = this.loggedIn && over !== null;
    const incomplete = this.loggedIn && !show && !ended && this.live.trouble?.about === 'report' ? this.live.trouble : null;
    const banner = show || ended || incomplete !== null;
    if (this.banner.hidden === banner) this.banner.hidden = !banner;
    this.banner.classList.toggle('calm', ended);
    if (ended) {
      setText(this.bannerWords,
        `The run and its server have ended. The page shows the final state.${over.command ? ` To serve it again: ${over.command}` : ''}`);
      setText(this.bannerNext, '');
    }
    if (incomplete) {
      setText(this.bannerWords, `The report is incomplete: ${incomplete.message}`);
      setText(this.bannerNext, '');
    }
    if (!show || !lost) return;
    setText(this.bannerWords, `${lost.text} since ${clock(lost.since, Date.now(), true)}. The page shows the state at that time.`);
    const next = this.live.connection.state === 'lost' ? Math.ceil((this.live.connection.next - Date.now()) / 1000) : null;
    setText(this.bannerNext, next === null ? '' : next > 0 ? `Next try in ${duration(next)}.` : 'Trying …');
  }

  private say(text: string, kind: 'good' | 'bad' = 'good'): void {
    const note = h('div', { class: `note ${kind}` }, h('span', {}, text),
      h('button', { type: 'button', class: 'quiet', 'aria-label': 'Dismiss', click: () => note.remove() }, '×'));
    this.said.append(note);
    while (this.said.childElementCount > 4) this.said.firstElementChild?.remove();
    setTimeout(() => note.remove(), kind === 'good' ? 6000 : 15_000);
  }
}
