import { h } from '../dom';
import type { Context } from './context';
import type { Sweep, TrialPage } from './model';
import { setAttribute, throttled } from './patch';
import { hrefOf, type Place } from './router';

/** Somewhere to go. */
export interface Target {
  label: string;
  /** "sweep", "tab", "trial", "page" */
  kind: string;
  href: string;
}

const most = 12;

/** The targets whose labels have every word of what is typed, those that begin with it first. */
export function found(targets: readonly Target[], text: string): Target[] {
  const wanted = text.trim().toLowerCase();
  const parts = wanted.split(/\s+/).filter(Boolean);
  const of = (t: Target): string => `${t.label} ${t.kind}`.toLowerCase();
  const hits = targets.filter((t) => parts.every((p) => of(t).includes(p)));
  return [...hits.filter((t) => of(t).startsWith(wanted)), ...hits.filter((t) => !of(t).startsWith(wanted))].slice(0, most);
}

/** All that can be gone to from a place without asking the server. */
export function targetsAt(sweeps: readonly Sweep[], tabs: readonly { name: string; href: string }[]): Target[] {
  return [...tabs.map((t): Target => ({ label: t.name, kind: 'tab', href: t.href })),
    ...sweeps.map((s): Target => ({ label: s.name, kind: 'sweep', href: hrefOf({ view: 'sweep', id: s.id }) })),
    { label: 'All sweeps', kind: 'page', href: hrefOf({ view: 'sweeps' }) }, { label: 'Silos', kind: 'page', href: hrefOf({ view: 'silos' }) }];
}

/** What a trial's id begins with. */
const idLike = /^[0-9a-f]{2,64}$/i;

const sweepOf = (place: Place): string | null => (place.view === 'sweep' || place.view === 'trial' ? place.id : null);

/** A field that goes to whatever sweep, tab or trial is typed into it. */
export function openPalette(context: Context, tabs: readonly { name: string; href: string }[]): void {
  const list = h('ul', { id: 'palette-list', role: 'listbox', 'aria-label': 'Where to' });
  const none = h('p', { class: 'small muted', hidden: true, role: 'status' });
  const sweep = sweepOf(context.router.place);
  const input = h('input', { type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'palette-list', 'aria-autocomplete': 'list',
    'aria-label': 'Go to', placeholder: sweep ? 'A sweep, a tab, or a trial’s id' : 'A sweep or a page', spellcheck: 'false', autocomplete: 'off',
    input: () => { at = 0; trials = []; fill(); ask(); }, keydown: (event) => key(event as KeyboardEvent) });
  const dialog = h('dialog', { class: 'ask palette', 'aria-label': 'Go to' }, input, list, none);
  let at = 0;
  let shown: Target[] = [];
  let trials: Target[] = [];

  const go = (target: Target | undefined): void => {
    if (!target) return;
    dialog.close();
    context.router.go(target.href);
  };
  const fill = (): void => {
    shown = [...found(targetsAt(context.live.sweeps ?? [], tabs), input.value), ...trials].slice(0, most);
    at = Math.min(at, Math.max(0, shown.length - 1));
    list.replaceChildren(...shown.map((t, i) => h('li', { role: 'option', id: `palette-${i}`, 'aria-selected': String(i === at), click: () => go(t) },
      h('span', { class: 'clip' }, t.label), h('span', { class: 'small muted' }, t.kind))));
    setAttribute(input, 'aria-activedescendant', shown.length > 0 ? `palette-${at}` : null);
    list.hidden = shown.length === 0;
    setAttribute(input, 'aria-expanded', String(shown.length > 0));
    none.hidden = shown.length > 0;
    none.textContent = shown.length > 0 ? '' : 'Nothing is called that.';
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  };
  const ask = throttled(200, () => {
    const text = input.value.trim().toLowerCase();
    if (sweep === null || !idLike.test(text)) return;
    context.api.get<TrialPage>(`/api/sweeps/${encodeURIComponent(sweep)}/trials?q=${text}&take=6`).then((page) => {
      if (input.value.trim().toLowerCase() !== text) return;
      trials = (page?.trials ?? []).map((t): Target => ({ kind: 'trial', href: hrefOf({ view: 'trial', id: sweep, trial: t.id }),
        label: `${t.id.slice(0, 12)}: ${[...Object.values(t.axes), `seed ${t.seed}`].join(', ')}` }));
      fill();
    }, () => undefined);
  });
  const key = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && shown.length > 0) {
      event.preventDefault();
      at = (at + by + shown.length) % shown.length;
      fill();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(shown[at]);
    }
  };
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => { ask.cancel(); dialog.remove(); });
  document.body.append(dialog);
  fill();
  dialog.showModal();
  input.focus();
}
