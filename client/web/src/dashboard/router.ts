import { at, root } from './root';

/** Maps addresses to places and back. */
export type Place =
  | { view: 'sweeps' }
  | { view: 'sweep'; id: string }
  | { view: 'trial'; id: string; trial: string }
  | { view: 'silos' }
  | { view: 'nowhere'; path: string };

export function placeOf(path: string, base = root): Place {
  let parts: string[];
  if (!path.startsWith(base) && `${path}/` !== base) return { view: 'nowhere', path };
  try {
    parts = path.slice(base.length).split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return { view: 'nowhere', path };
  }
  const [first, id, third, trial] = parts;
  if (first === undefined || (first === 'sweeps' && parts.length === 1)) return { view: 'sweeps' };
  if (first === 'silos' && parts.length === 1) return { view: 'silos' };
  if (first === 'sweeps' && id !== undefined && parts.length === 2) return { view: 'sweep', id };
  if (first === 'sweeps' && id !== undefined && third === 'trials' && trial !== undefined && parts.length === 4) return { view: 'trial', id, trial };
  return { view: 'nowhere', path };
}

export function pathOf(place: Place, base = root): string {
  switch (place.view) {
    case 'sweeps': return base;
    case 'silos': return `${base}silos`;
    case 'sweep': return `${base}sweeps/${encodeURIComponent(place.id)}`;
    case 'trial': return `${base}sweeps/${encodeURIComponent(place.id)}/trials/${encodeURIComponent(place.trial)}`;
    case 'nowhere': return place.path;
  }
}

export type Change = Record<string, string | null | undefined>;

/** The query with some keys set and others (null or empty) removed. */
export function changed(query: URLSearchParams, change: Change): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(change)) {
    if (value === null || value === undefined || value === '') next.delete(key);
    else next.set(key, value);
  }
  return next;
}

export function hrefOf(place: Place, query?: URLSearchParams | Change): string {
  const q = query === undefined ? new URLSearchParams() : query instanceof URLSearchParams ? query : changed(new URLSearchParams(), query);
  const text = q.toString();
  return pathOf(place) + (text ? `?${text}` : '');
}

const prefix = 'where.';

/** The axis filters of a query: `where.width=8`. */
export const filtersOf = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...query].filter(([k]) => k.startsWith(prefix) && k.length > prefix.length).map(([k, v]) => [k.slice(prefix.length), v]));

export const filterKey = (axis: string): string => prefix + axis;

/** Several names as one value of an address, and back; what can't be read is left out. */
export const listText = (values: Iterable<string>): string => [...values].map(encodeURIComponent).join(',');
export const listOf = (text: string | null): string[] => (text ? text.split(',').map(decoded).filter((v): v is string => v !== null) : []);

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Client-side navigation with the browser's history. */
export class Router {
  private listener: (place: Place, query: URLSearchParams) => void = () => undefined;

  start(listener: (place: Place, query: URLSearchParams) => void): void {
    this.listener = listener;
    window.addEventListener('popstate', () => this.tell());
    document.addEventListener('click', (event) => this.clicked(event));
    this.tell();
  }

  get query(): URLSearchParams {
    return new URLSearchParams(window.location.search);
  }

  get place(): Place {
    return placeOf(window.location.pathname);
  }

  go(href: string, replace = false): void {
    if (href === window.location.pathname + window.location.search) return;
    if (replace) window.history.replaceState(null, '', href);
    else window.history.pushState(null, '', href);
    this.tell();
  }

  /** Changes the query of the current place. Choices add a history entry; typing replaces it. */
  set(change: Change, replace = false): void {
    this.go(hrefOf(this.place, changed(this.query, change)), replace);
  }

  private tell(): void {
    this.listener(this.place, this.query);
  }

  private clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download') || link.origin !== window.location.origin
      || link.pathname.startsWith(at('/api/'))) return;
    if (link.hash && link.pathname === window.location.pathname) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}
