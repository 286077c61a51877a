/** Rows fetched in pages, with the least recently used evicted, to bound memory. */
export class PageCache<T> {
  private readonly pages = new Map<number, T[]>();

  constructor(readonly size: number, private readonly most: number) {}

  row(index: number): T | undefined {
    return this.pages.get(Math.floor(index / this.size))?.[index % this.size];
  }

  has(page: number): boolean {
    return this.pages.has(page);
  }

  put(page: number, rows: T[]): void {
    this.pages.delete(page);
    this.pages.set(page, rows);
    for (const key of this.pages.keys()) {
      if (this.pages.size <= this.most) break;
      this.pages.delete(key);
    }
  }

  /** Marks a page as used. */
  touch(page: number): void {
    const rows = this.pages.get(page);
    if (rows) this.put(page, rows);
  }

  change(test: (row: T) => boolean, change: (row: T) => T): boolean {
    let any = false;
    for (const rows of this.pages.values()) rows.forEach((row, i) => { if (test(row)) { rows[i] = change(row); any = true; } });
    return any;
  }

  clear(): void {
    this.pages.clear();
  }

  get count(): number {
    return this.pages.size;
  }
}

/** The rows to render: the visible ones and some on either side. */
export function windowOf(scrollTop: number, height: number, rowHeight: number, total: number, around = 8): { first: number; last: number } {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - around);
  return { first, last: Math.min(total, Math.ceil((scrollTop + height) / rowHeight) + around) };
}

/** The pages that hold the rows from `first` to before `last`. */
export function pagesOf(first: number, last: number, size: number): number[] {
  const out: number[] = [];
  for (let page = Math.floor(first / size); page * size < last; page++) out.push(page);
  return out;
}
