/**
 * One look per arm, the same in every figure. Colours are Okabe and Ito's (2008), legible to the colour-blind; dash and marker tell arms apart without colour.
 */
export interface ArmStyle {
  color: string;
  dash: 'solid' | 'dashed' | 'dotted' | number[];
  symbol: 'circle' | 'rect' | 'triangle' | 'diamond' | 'pin' | 'arrow';
}

const light = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#7f3c8d', '#8c564b'];
const dark = ['#56b4e9', '#ff8a3d', '#2fc79a', '#e6a3c8', '#f0c93a', '#9ad4ff', '#c59be0', '#d3a596'];
const dashes: ArmStyle['dash'][] = ['solid', [11, 3], [9, 3, 2, 3], [2, 2], [5, 2, 1, 2, 1, 2], [16, 3, 3, 3]];
const symbols: ArmStyle['symbol'][] = ['rect', 'circle', 'triangle', 'diamond', 'pin', 'arrow'];

/** The baseline, at index `baseline`, is neutral grey; the others take the palette in order. */
export function armStyle(index: number, baseline: number, theme: 'light' | 'dark'): ArmStyle {
  const colors = theme === 'light' ? light : dark;
  const symbol = symbols[index % symbols.length] ?? 'circle';
  if (index === baseline) return { color: theme === 'light' ? '#4a4a4a' : '#c4c4c4', dash: [5, 3], symbol };
  const place = baseline >= 0 && index > baseline ? index - 1 : index;
  return { color: colors[place % colors.length] ?? '#0072b2', dash: dashes[place % dashes.length] ?? 'solid', symbol };
}

const ink = { light: '#1b1b1b', dark: '#ececec' };
const grey = { light: '#767676', dark: '#a8a8a8' };

/** What a diagnostic compares the network with, one look each: the truth in the ink's colour, the control grey and dashed. */
export function diagnosticStyle(name: string, theme: 'light' | 'dark'): ArmStyle {
  const colors = theme === 'light' ? light : dark;
  const hue = (i: number): string => colors[i] ?? ink[theme];
  switch (name) {
    case 'Gaussian': case 'network': case 'initialisation': case 'its own plane': case 'training points':
      return { color: hue(0), dash: 'solid', symbol: 'rect' };
    case 'delta mixture': case 'score': return { color: hue(1), dash: [9, 3, 2, 3], symbol: 'triangle' };
    case 'mixture': case 'discretisation': return { color: hue(2), dash: [11, 3], symbol: 'circle' };
    case 'identity control': case 'another path\u2019s plane': return { color: grey[theme], dash: [5, 3], symbol: 'rect' };
    default: return { color: ink[theme], dash: [2, 2], symbol: 'diamond' };
  }
}

/** Colours that are not data. */
export interface Theme {
  name: 'light' | 'dark';
  ink: string;
  muted: string;
  line: string;
  grid: string;
  paper: string;
  truth: string;
  near: string;
}

export const themes: Record<'light' | 'dark', Theme> = {
  light: { name: 'light', ink: '#1b1b1b', muted: '#555', line: '#8a8a8a', grid: '#e6e6e6', paper: '#ffffff', truth: '#111111', near: 'rgba(0,158,115,0.10)' },
  dark: { name: 'dark', ink: '#ececec', muted: '#b5b5b5', line: '#7d7d7d', grid: '#333840', paper: '#16181c', truth: '#f5f5f5', near: 'rgba(47,199,154,0.14)' },
};
