import { h } from '../../dom';
import type { Context, View } from '../context';
export function silosView(_c: Context, ..._rest: string[]): View { return { element: h('div', {}, 'silos'), title: () => 'silos', query: () => undefined, dispose: () => undefined }; }
