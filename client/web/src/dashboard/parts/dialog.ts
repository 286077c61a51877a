import { h } from '../../dom';

export interface Question {
  title: string;
  text: string[];
  /** The confirming button. */
  act: string;
  danger?: boolean;
}

/** Asks for confirmation. */
export class Dialogs {
  /** @returns whether it was confirmed. Escape and a click beside the dialog cancel. */
  ask(question: Question): Promise<boolean> {
    return new Promise((resolve) => {
      let answer = false;
      const no = h('button', { type: 'button', click: () => dialog.close() }, 'Not now');
      const yes = h('button', { type: 'button', class: question.danger ? 'primary danger' : 'primary', click: () => { answer = true; dialog.close(); } },
        question.act);
      const dialog = h('dialog', { class: 'ask', 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text' },
        h('h2', { id: 'ask-title' }, question.title), h('div', { id: 'ask-text' }, ...question.text.map((t) => h('p', {}, t))),
          h('div', { class: 'dialog-buttons' }, no, yes));
      dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
      dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
      document.body.append(dialog);
      dialog.showModal();
      // The safe choice has the focus if the other can't be undone.
      (question.danger ? no : yes).focus();
    });
  }
}
