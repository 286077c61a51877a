import { h } from '../../dom';
import type { Context, View } from '../context';
export function sweepView(_c: Context, ..._rest: string[]): View { return { element: h('div', {}, 'sweep'), title: () => 'sweep', query: () => undefined, dispose: () => undefined }; }
