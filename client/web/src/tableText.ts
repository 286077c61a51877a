import type { TableData } from './table';

/** A table as GitHub's Markdown. */
export function markdown({ head, rows }: TableData): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((c) => c.replace(/([\\|])/g, '\\$1').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

/** A table as RFC 4180's CSV. A cell that a spreadsheet would take for a formula is written as text. */
export function csv({ head, rows }: TableData): string {
  const cell = (c: string): string => {
    const safe = /^[=+@\t\r]|^-(?![\d.])/.test(c) ? `'${c}` : c;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

const special: Record<string, string> = {
  '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '$': '\\$', '&': '\\&', '#': '\\#', '_': '\\_', '%': '\\%', '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}', '\u2212': '$-$', '\u00d7': '$\\times$', '±': '$\\pm$', '<': '$<$', '>': '$>$',
};

/** A table as LaTeX, for the package booktabs. */
export function latex({ head, rows }: TableData): string {
  const escaped = (c: string): string => c.replace(/[\\{}$&#_%~^\u2212\u00d7±<>]/g, (s) => special[s] ?? s);
  const line = (cells: readonly string[]): string => `${cells.map(escaped).join(' & ')} \\\\`;
  return ['\\begin{tabular}{' + head.map((_, i) => (i === 0 ? 'l' : 'r')).join('') + '}', '\\toprule', line(head), '\\midrule',
    ...rows.map(line), '\\bottomrule', '\\end{tabular}', ''].join('\n');
}
