/** What this browser remembers of its reader's choices. A browser that keeps nothing forgets them with the page. */
const session = new Map<string, string>();

export function kept(name: string): string | null {
  try {
    return window.localStorage.getItem(`sweep.${name}`) ?? session.get(name) ?? null;
  } catch {
    return session.get(name) ?? null;
  }
}

export function keep(name: string, value: string): void {
  session.set(name, value);
  try {
    window.localStorage.setItem(`sweep.${name}`, value);
  } catch { /* It is remembered until the page is closed. */ }
}
