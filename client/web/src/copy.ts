import { h } from './dom';

/** A button that copies a text, with feedback. */
export function copyButton(text: () => string, label: string, shown = 'Copy'): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'copy', click: () => void copy() }, shown);
  button.setAttribute('aria-label', label);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = (words: string): void => {
    button.textContent = words;
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = shown; }, 2000);
  };
  const copy = async (): Promise<void> => {
    try {
      // Without a secure context there is no clipboard API: fall back to execCommand.
      if (navigator.clipboard) await navigator.clipboard.writeText(text());
      else if (!selectAndCopy(text())) throw new Error('no clipboard');
      done('Copied');
    } catch {
      done(selectAndCopy(text()) ? 'Copied' : 'Can’t copy');
    }
  };
  return button;
}

function selectAndCopy(text: string): boolean {
  const area = h('textarea', { class: 'offscreen', 'aria-hidden': 'true', readonly: true });
  area.value = text;
  const focused = document.activeElement as HTMLElement | null;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return done;
}
