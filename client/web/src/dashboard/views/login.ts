import { h } from '../../dom';
import { words } from '../api';
import type { Context, View } from '../context';
import type { Session } from '../model';

/** The login form. */
export function loginView(context: Context, why: string, auth: Session['auth'], done: () => void): View {
  const input = h('input', { type: 'password', id: 'token', name: 'token', autocomplete: 'current-password', required: true, spellcheck: 'false',
    autocapitalize: 'off', 'aria-describedby': 'token-error token-help' });
  const error = h('p', { class: 'field-error', id: 'token-error', role: 'alert' });
  const button = h('button', { type: 'submit', class: 'primary' }, 'Log in');
  const submit = async (): Promise<void> => {
    button.disabled = true;
    error.textContent = '';
    input.removeAttribute('aria-invalid');
    try {
      await context.api.post('/api/login', { token: input.value.trim() });
      input.value = '';
      done();
    } catch (refusal) {
      error.textContent = words(refusal);
      input.setAttribute('aria-invalid', 'true');
      input.select();
      input.focus();
    } finally {
      button.disabled = false;
    }
  };
  const form = h('form', { class: 'login', submit: (event) => { event.preventDefault(); void submit(); } },
    h('h1', { tabindex: -1 }, 'Log in'), why && h('p', { class: 'muted' }, why),
    auth === 'oidc'
      ? h('p', {}, 'This server takes your organisation’s access token. Paste one, or let your proxy add it.')
      : null,
    h('label', { for: 'token' }, 'Token'), input, error,
    h('p', { class: 'muted', id: 'token-help' },
      'Open the link that the server printed when it started, or enter its token. Without a token file or SWEEP_TOKEN, every start has a new token.'), button);
  return { element: form, title: () => 'Log in', query: () => undefined, dispose: () => undefined };
}
