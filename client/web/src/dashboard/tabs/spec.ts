import { h } from '../../dom';
import { copyButton } from '../../copy';
import { setText } from '../patch';
import type { Tab, TabContext } from '../tab';
import { clock, requestWords } from '../words';

/** The sweep's spec as it was submitted, and what operators asked since. */
export function specTab(context: TabContext): Tab {
  const { source } = context.detail;
  const { requests } = context.data;
  const words = h('p', { class: 'none' });
  const log = h('ul', { class: 'running-list' });
  const element = h('div', {},
    h('section', { class: 'panel' }, h('div', { class: 'head' }, h('h2', {}, 'Spec as submitted'), copyButton(() => source, 'Copy the spec')),
      h('pre', { tabindex: 0, 'aria-label': 'The spec' }, source || 'The store has no source for this sweep.')),
    h('section', { class: 'panel' }, h('h2', {}, 'What operators asked'), words, log));
  const fill = (): void => {
    const all = requests.value;
    setText(words, all === null ? (requests.error ?? 'Loading …') : all.length === 0 ? 'Nothing yet.' : '');
    log.replaceChildren(...(all ?? []).map((r) => h('li', {},
      h('span', { class: 'small muted num' }, `${clock(Date.parse(r.asked), context.live.now, true)} ${r.who} `), requestWords(r))));
  };
  const stop = requests.use(fill);
  fill();
  return { element, query: () => undefined, dispose: stop };
}
