/** DOM updates that touch only what differs, to keep focus and selections. */

export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

export function setStyle(element: HTMLElement | SVGElement, name: string, value: string): void {
  if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}

export interface Item<T> {
  element: Element;
  update: (value: T) => void;
}

/** The children of an element, one per value, identified by keys: created once, then moved and updated. */
export class KeyedList<T> {
  private items = new Map<string, Item<T>>();

  constructor(private readonly parent: Element, private readonly key: (value: T) => string, private readonly make: (value: T) => Item<T>) {}

  set(values: readonly T[]): void {
    const next = new Map<string, Item<T>>();
    for (const value of values) {
      const key = this.key(value);
      const item = this.items.get(key) ?? this.make(value);
      item.update(value);
      next.set(key, item);
    }
    for (const [key, item] of this.items) if (!next.has(key)) item.element.remove();
    let place = this.parent.firstElementChild;
    for (const item of next.values()) {
      if (item.element === place) place = place.nextElementSibling;
      else this.parent.insertBefore(item.element, place);
    }
    this.items = next;
  }
}

/** Runs at most once per `interval` milliseconds, and once more for calls in between. Waits while the page is hidden. */
export function throttled(interval: number, run: () => void): { (): void; cancel: () => void } {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const fire = (): void => {
    timer = null;
    last = performance.now();
    run();
  };
  const call = (): void => {
    if (timer !== null) return;
    timer = setTimeout(fire, Math.max(0, last + interval - performance.now()));
  };
  call.cancel = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return call;
}
