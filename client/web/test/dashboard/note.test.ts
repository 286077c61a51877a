import { describe, expect, it } from 'vitest';
import type { Sweep } from '../../src/dashboard/model';
import { allTags, tagsOf, tagTrouble } from '../../src/dashboard/parts/note';
import { matches } from '../../src/dashboard/views/sweeps';

const sweep = (name: string, text: string, tags: string[]): Sweep =>
  ({ id: `${name}id`, name, state: 'done', submitted: '2026-01-01T00:00:00Z', fraction: 1, trials_per_minute: null, eta_seconds: null, total: 1, queued: 0,
    running: 0, completed: 1, failed: 0, cancelled: 0, note: text || tags.length ? { text, tags } : null });

describe('notes and tags', () => {
  it('reads tags as they are typed', () => {
    expect(tagsOf(' paper, to do,,paper ,')).toEqual(['paper', 'to do']);
    expect(tagsOf(' , ')).toEqual([]);
  });

  it('says which tags can’t be kept', () => {
    expect(tagTrouble(['a'.repeat(40)])).toBe('');
    expect(tagTrouble(['a'.repeat(41)])).toContain('has 41 characters; allowed: at most 40');
    expect(tagTrouble(Array.from({ length: 17 }, (_, i) => `t${i}`))).toBe('17 tags; allowed: at most 16');
  });

  it('finds a sweep by its note, and by a tag alone only as a whole', () => {
    const one = sweep('one', 'look at Width 64', ['paper']);
    expect(matches(one, 'width 64', '')).toBe(true);
    expect(matches(one, 'pap', '')).toBe(true);
    expect(matches(one, 'other', '')).toBe(false);
    expect(matches(one, '', '', 'paper')).toBe(true);
    expect(matches(one, '', '', 'pap')).toBe(false);
    expect(matches(sweep('two', '', []), '', '', 'paper')).toBe(false);
    expect(allTags([sweep('b', '', ['z', 'paper']), one, sweep('c', '', [])])).toEqual(['paper', 'z']);
  });
});
