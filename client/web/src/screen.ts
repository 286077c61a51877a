import { themes, type Theme } from './palette';

/** Width of the printed page's text in CSS pixels: A4 less the margins of the print style sheet. */
export const printWidth = 700;

type Listener = () => void;

/** What the page is shown on: light or dark, on paper or not. Tells its listeners when that changes. */
class Screen {
  printing = false;
  private readonly dark = window.matchMedia('(prefers-color-scheme: dark)');
  private readonly listeners = new Set<Listener>();

  constructor() {
    this.dark.addEventListener('change', () => this.tell());
    window.addEventListener('beforeprint', () => this.print(true));
    window.addEventListener('afterprint', () => this.print(false));
  }

  get theme(): Theme {
    return themes[this.dark.matches && !this.printing ? 'dark' : 'light'];
  }

  /** @returns what takes the listener out again. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  private print(on: boolean): void {
    if (this.printing === on) return;
    this.printing = on;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

export const screen = new Screen();
