import { h } from '../../dom';
import type { Context, View } from '../context';
export function trialView(_c: Context, ..._rest: string[]): View { return { element: h('div', {}, 'trial'), title: () => 'trial', query: () => undefined, dispose: () => undefined }; }
