import { h } from '../dom';
import type { Context } from './context';
import { keep, kept } from './kept';
import { openPalette } from './palette';

/** What each key does, as the list of them says it. */
export const keyWords: readonly [string, string][] = [
  ['?', 'this list'],
  [': or Ctrl-K', 'go to a sweep, a tab or a trial'],
  ['1 … 9', 'the tab at that place'],
  ['j, k', 'the next row, the one before: of the sweeps or of a table'],
  ['Enter', 'open the row'],
  ['/', 'the search field'],
  ['Escape', 'close what is open'],
];

/** Whether somebody writes, or a control has its own use for keys. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.closest('input, textarea, select, [contenteditable="true"], [role="combobox"]') !== null);
}

/** The event by which a table of many rows is told to go on by so many. */
export const moveRow = 'moverow';

const visible = (e: HTMLElement): boolean => e.offsetParent !== null;

/** The page's keys. Those that are single characters can be turned off: speech input and shaky hands press them unasked (WCAG 2.1.4). */
export class Keys {
  readonly element = h('button', { type: 'button', class: 'quiet keys', 'aria-label': 'Keys', title: 'Keys (?)', click: () => this.help() }, '?');

  constructor(private readonly context: Context, private readonly active: () => boolean) {
    document.addEventListener('keydown', (event) => this.pressed(event));
  }

  private get single(): boolean {
    return kept('keys') !== 'off';
  }

  private pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || !this.active() || document.querySelector('dialog[open]')) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.palette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !this.single || isTyping(event.target)) return;
    if (this.act(event.key)) event.preventDefault();
  }

  /** @returns whether the key means something here. */
  private act(key: string): boolean {
    switch (key) {
      case '?': this.help(); return true;
      case ':': this.palette(); return true;
      case 'j': return this.move(1);
      case 'k': return this.move(-1);
      case '/': {
        const field = [...document.querySelectorAll<HTMLElement>('main input[type="search"]')].find(visible);
        field?.focus();
        return field !== undefined;
      }
      default: {
        const tab = /^[1-9]$/.test(key) ? this.tabs()[Number(key) - 1] : undefined;
        if (tab) this.context.router.go(tab.href);
        return tab !== undefined;
      }
    }
  }

  private tabs(): { name: string; href: string }[] {
    return [...document.querySelectorAll<HTMLAnchorElement>('nav.tabs a[href]')]
      .map((a) => ({ name: a.firstChild?.textContent ?? '', href: a.pathname + a.search }));
  }

  private palette(): void {
    openPalette(this.context, this.tabs());
  }

  /** Puts the focus on the link of the next row, where Enter opens it. */
  private move(by: 1 | -1): boolean {
    const table = [...document.querySelectorAll<HTMLElement>('main .vt-scroll')].find(visible);
    if (table) {
      table.dispatchEvent(new CustomEvent(moveRow, { detail: by }));
      return true;
    }
    const links = [...document.querySelectorAll<HTMLElement>('main .sweep-card, main .silo, main tbody tr')].filter(visible)
      .map((row) => row.querySelector<HTMLElement>('a[href]')).filter((a): a is HTMLElement => a !== null);
    const row = document.activeElement?.closest('.sweep-card, .silo, tr') ?? null;
    const at = links.findIndex((a) => row?.contains(a));
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
    next?.focus();
    return links.length > 0;
  }

  private help(): void {
    const box = h('input', { type: 'checkbox', id: 'keys-single', change: () => keep('keys', box.checked ? 'on' : 'off') });
    box.checked = this.single;
    const close = h('button', { type: 'button', class: 'primary', click: () => dialog.close() }, 'Close');
    const dialog = h('dialog', { class: 'ask keys-help', 'aria-labelledby': 'keys-title' }, h('h2', { id: 'keys-title' }, 'Keys'),
      h('dl', {}, ...keyWords.flatMap(([key, does]) => [h('dt', {}, ...key.split(/( or | … |, )/).map((part, i) => (i % 2 ? part : h('kbd', {}, part)))),
        h('dd', {}, does)])),
      h('label', { for: 'keys-single' }, box, 'Single keys act'),
      h('div', { class: 'dialog-buttons' }, close));
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  }
}
