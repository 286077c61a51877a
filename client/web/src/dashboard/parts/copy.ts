import { h } from '../../dom';

/** A button that copies a text, and says that it did. */
export function copyButton(text: () => string, label: string): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'copy', click: () => void copy() }, 'Copy');
  button.setAttribute('aria-label', label);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = (words: string): void => {
    button.textContent = words;
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  };
  const copy = async (): Promise<void> => {
    try {
      // Plain http other than this machine has no clipboard: then the old way.
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
