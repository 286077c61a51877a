import { describe, expect, it } from 'vitest';
import { readReport } from '../src/model/read';
import { strip } from '../src/sections/samples';

const encode = (bytes: number[]): string => btoa(String.fromCharCode(...bytes));

describe('strip', () => {
  it('lays pictures side by side with a gap between them', () => {
    const drawn = strip(encode([1, 2, 3, 4, 5, 6, 7, 8]), 2);
    expect([drawn.width, drawn.height]).toEqual([5, 2]);
    expect([...drawn.shades]).toEqual([1, 2, -1, 5, 6, 3, 4, -1, 7, 8]);
  });

  it('leaves out what makes no whole picture', () => {
    expect(strip(encode([1, 2, 3, 4, 5]), 2).width).toBe(2);
    expect(strip('', 8).width).toBe(0);
  });
});

describe('readReport', () => {
  it('has no samples where the report has none, and drops those without a size', () => {
    expect(readReport('{"version":2}').samples).toEqual([]);
    expect(readReport('{"version":2,"samples":[{"dataset":"d","side":0},{"dataset":"e","side":2,"real":"AAAAAA==","groups":[{"trial":"t"}]}]}').samples)
      .toEqual([{ dataset: 'e', side: 2, real: 'AAAAAA==', groups: [{ axes: {}, trial: 't', seed: 0, images: '' }] }]);
  });
});
