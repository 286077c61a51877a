import { describe, expect, it } from 'vitest';
import { readReport } from '../src/model/read';
import { bestTable } from '../src/sections/best';
import { State } from '../src/state';
import { csv, latex, markdown } from '../src/tableText';

const state = (): State => new State(readReport(JSON.stringify({
  version: 2,
  sweep: { name: 's', seeds: [0, 1], compare: { axis: 'preprocessing', baseline: 'none', metric: 'log_likelihood' },
    axes: [{ name: 'dataset', values: ['a', 'b_1'] }, { name: 'preprocessing', values: ['none', 'ica'] }, { name: 'width', values: [8, 16] }] },
  metrics: [{ name: 'log_likelihood', label: 'Log-likelihood', unit: 'nats', better: 'truth_level' }],
  answer: { best: [
    { dataset: 'a', axes: { width: 16, preprocessing: 'ica' }, of: 4, left_out: 0, seeds: 2, mean: -2.5, ci_low: -3, ci_high: -2, truth_level: -2.4,
      trial_seconds: 1.23, not_told_apart: 1, nearest: [{ axes: { width: 8, preprocessing: 'ica' }, mean: -2.9, difference: { mean: 0.4 }, p_adjusted: 1 }] },
    { dataset: 'b_1', axes: { width: 8, preprocessing: 'none' }, of: 3, left_out: 1, seeds: 2, mean: 1, truth_level: null, trial_seconds: null,
      not_told_apart: 2, nearest: [] },
  ] },
})));

describe('the best settings', () => {
  it('name what is compared first, and keep count of what is not told apart', () => {
    const table = bestTable(state());
    expect(table.head).toEqual(['data set', 'best setting', 'Log-likelihood (nats)', 'truth level', 'not told apart from it', 'seconds per trial']);
    expect(table.rows[0]!.slice(0, 2)).toEqual(['a', 'ica, width 16']);
    expect(table.rows[0]![4]).toBe('1 of 3 others');
    expect(table.rows[1]![4]).toBe('2 of 2 others');
  });
});

describe('a table as text', () => {
  const table = { head: ['a|b', 'c_1'], rows: [['x, "y"', '\u22121 ± 2'], ['=1+1', '-3'], ['50%', '-x\nz']] };

  it('is Markdown that breaks no cell', () => {
    expect(markdown(table)).toBe('| a\\|b | c_1 |\n| --- | --- |\n| x, "y" | \u22121 ± 2 |\n| =1+1 | -3 |\n| 50% | -x z |\n');
  });

  it('is CSV that a spreadsheet takes for no formula', () => {
    expect(csv(table)).toBe('a|b,c_1\r\n"x, ""y""",\u22121 ± 2\r\n\'=1+1,-3\r\n50%,"\'-x\nz"\r\n');
  });

  it('is LaTeX with its own characters escaped', () => {
    expect(latex(table)).toBe('\\begin{tabular}{lr}\n\\toprule\na|b & c\\_1 \\\\\n\\midrule\nx, "y" & $-$1 $\\pm$ 2 \\\\\n=1+1 & -3 \\\\\n50\\% & -x\nz \\\\\n'
      + '\\bottomrule\n\\end{tabular}\n');
  });
});
