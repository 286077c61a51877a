/** What the path of every address begins with, as the server wrote it into the page: a slash, or a proxy's prefix between slashes. */
const told = typeof document === 'undefined' ? null : document.querySelector('meta[name="sweep"]')?.getAttribute('content');

export const root = /^sweep-base:(\/(?:[\w.~-]+\/)*)$/.exec(told ?? '')?.[1] ?? '/';

/** The address of a path of the API, "/api/…". */
export const at = (path: string): string => root + path.slice(1);
