import { plural } from '../format';
import type { Search } from './report';

/** How a search is judged. */
export const searchWords = (search: Search): string => `A search over ${plural(search.groups, 'setting')} `
  + `${search.method === 'sobol' ? 'of a scrambled Sobol sequence' : 'drawn at random'} (seed ${search.seed}): no two of them differ in one axis alone, so `
  + `nothing is compared pair by pair.${search.trends.length > 0 ? ' Along its ranges there are slopes (What matters).' : ''}`;
