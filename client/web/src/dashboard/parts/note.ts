import { h } from '../../dom';
import type { Context } from '../context';
import type { Note, Sweep } from '../model';
import { setText } from '../patch';
import { hrefOf } from '../router';
import { send } from './actions';

const mostText = 2000;
const mostTags = 16;
const mostTag = 40;

/** Tags as one types them: separated by commas. */
export const tagsOf = (text: string): string[] => [...new Set(text.split(',').map((t) => t.trim()).filter((t) => t !== ''))];

/** Why tags can't be kept, in words; empty where they can. */
export function tagTrouble(tags: readonly string[]): string {
  if (tags.length > mostTags) return `${tags.length} tags; allowed: at most ${mostTags}`;
  const long = tags.find((t) => t.length > mostTag);
  return long === undefined ? '' : `“${long}” has ${long.length} characters; allowed: at most ${mostTag}`;
}

/** All tags of sweeps, in alphabetical order. */
export const allTags = (sweeps: readonly Sweep[]): string[] => [...new Set(sweeps.flatMap((s) => s.note?.tags ?? []))].sort((a, b) => a.localeCompare(b));

/** A sweep's note with its tags, each of which leads to the sweeps that have it. */
export class NoteView {
  readonly element = h('div', { class: 'sweep-note', hidden: true });
  private readonly text = h('p', { class: 'note-text' });
  private readonly tags = h('ul', { class: 'tags', 'aria-label': 'Tags' });
  private shown = '';

  constructor() {
    this.element.append(this.tags, this.text);
  }

  update(note: Note | null | undefined): void {
    const key = JSON.stringify(note ?? null);
    if (key === this.shown) return;
    this.shown = key;
    setText(this.text, note?.text ?? '');
    this.text.hidden = !note?.text;
    this.tags.replaceChildren(...(note?.tags ?? []).map((tag) => h('li', {}, h('a', { class: 'tag', href: hrefOf({ view: 'sweeps' }, { tag }) }, tag))));
    this.tags.hidden = !note?.tags.length;
    this.element.hidden = !note;
  }
}

/** The note of a sweep on its page: shown to everybody, written by operators. */
export class NoteEditor {
  readonly element: HTMLElement;
  private readonly view = new NoteView();
  private readonly edit = h('button', { type: 'button', class: 'quiet', click: () => this.open() }, 'Add a note');
  private readonly text = h('textarea', { rows: 3, maxlength: mostText, id: 'note-text' });
  private readonly tags = h('input', { type: 'text', spellcheck: 'false', id: 'note-tags', 'aria-describedby': 'note-trouble' });
  private readonly trouble = h('p', { class: 'field-error', id: 'note-trouble', role: 'alert' });
  private readonly save = h('button', { type: 'submit', class: 'primary' }, 'Save');
  private readonly form: HTMLFormElement;
  private sweep: Sweep | null = null;

  constructor(private readonly context: Context) {
    this.form = h('form', { class: 'note-form', hidden: true, submit: (event) => { event.preventDefault(); void this.keep(); },
      keydown: (event) => { if ((event as KeyboardEvent).key === 'Escape') this.close(); } },
      h('label', { for: 'note-text' }, 'Note'), this.text, h('label', { for: 'note-tags' }, 'Tags, separated by commas'), this.tags, this.trouble,
      h('div', { class: 'controls' }, this.save, h('button', { type: 'button', click: () => this.close() }, 'Cancel')));
    this.element = h('div', { class: 'note-editor' }, this.view.element, this.edit, this.form);
  }

  update(sweep: Sweep): void {
    this.sweep = sweep;
    this.view.update(sweep.note);
    setText(this.edit, sweep.note ? 'Edit the note' : 'Add a note');
    this.edit.hidden = !this.context.live.operator || !this.form.hidden;
  }

  private open(): void {
    this.text.value = this.sweep?.note?.text ?? '';
    this.tags.value = this.sweep?.note?.tags.join(', ') ?? '';
    setText(this.trouble, '');
    this.form.hidden = false;
    this.edit.hidden = true;
    this.text.focus();
  }

  private close(): void {
    this.form.hidden = true;
    this.edit.hidden = false;
    this.edit.focus();
  }

  private async keep(): Promise<void> {
    const tags = tagsOf(this.tags.value);
    const trouble = tagTrouble(tags);
    setText(this.trouble, trouble);
    if (trouble || !this.sweep) {
      this.tags.focus();
      return;
    }
    this.save.disabled = true;
    const kept = await send(this.context, `/api/sweeps/${encodeURIComponent(this.sweep.id)}/note`, { text: this.text.value, tags });
    this.save.disabled = false;
    if (kept) this.close();
  }
}
