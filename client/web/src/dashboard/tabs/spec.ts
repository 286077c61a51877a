import { h } from '../../dom';
import { copyButton } from '../parts/copy';
import type { Tab, TabContext } from '../tab';

/** The sweep's spec as it was submitted. */
export function specTab(context: TabContext): Tab {
  const { source } = context.detail;
  const element = h('section', { class: 'panel' }, h('div', { class: 'head' }, h('h2', {}, 'Spec as submitted'), copyButton(() => source, 'Copy the spec')),
    h('pre', { tabindex: 0, 'aria-label': 'The spec' }, source || 'The store has no source for this sweep.'));
  return { element, query: () => undefined, dispose: () => undefined };
}
