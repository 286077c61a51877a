import { h } from '../../dom';

export interface Question {
  title: string;
  text: string[];
  /** The button that does it. */
  act: string;
  danger?: boolean;
}

/** Asks before something is done that can't be seen to be harmless. */
export class Dialogs {
  /** @returns true when the reader wants it. Escape and a click beside the dialog are a no. */
  ask(question: Question): Promise<boolean> {
    return new Promise((resolve) => {
      let answer = false;
      const no = h('button', { type: 'button', click: () => dialog.close() }, 'Not now');
      const yes = h('button', { type: 'button', class: question.danger ? 'primary danger' : 'primary', click: () => { answer = true; dialog.close(); } }, question.act);
      const dialog = h('dialog', { class: 'ask', 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text' },
        h('h2', { id: 'ask-title' }, question.title), h('div', { id: 'ask-text' }, ...question.text.map((t) => h('p', {}, t))), h('div', { class: 'dialog-buttons' }, no, yes));
      dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
      dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
      document.body.append(dialog);
      dialog.showModal();
      // The harmless choice has the focus where the other can't be taken back.
      (question.danger ? no : yes).focus();
    });
  }
}
