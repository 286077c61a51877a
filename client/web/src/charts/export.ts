import { svg } from '../dom';
import { themes, type ArmStyle } from '../palette';
import { init } from './echarts';
import type { Draw } from './host';
import { font } from './option';

const width = 1000;
const space = 'http://www.w3.org/2000/svg';

/** One stand-alone SVG of a whole figure: title, legend, every row; dark on white whatever the screen shows. */
export function figureSvg(title: string, arms: { name: string; style: ArmStyle }[], rows: readonly Draw[]): string {
  const root = svg('svg', { xmlns: space, width, 'font-family': font });
  let y = 30;
  root.append(svg('text', { x: 14, y: 22, 'font-size': 15, 'font-weight': 700, fill: '#1b1b1b' }, title));
  if (arms.length > 0) {
    let x = 14;
    for (const arm of arms) {
      const entry = svg('g', { transform: `translate(${x},${y + 2})` }, swatch(arm.style),
        svg('text', { x: 42, y: 11, 'font-size': 12, fill: '#1b1b1b' }, arm.name));
      root.append(entry);
      x += 70 + arm.name.length * 6.8;
      if (x > width - 120) [x, y] = [14, y + 20];
    }
    y += 26;
  }
  const rendered: string[] = [];
  for (const draw of rows) {
    const { option, height } = draw(width, themes.light);
    const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
    chart.setOption(option);
    rendered.push(chart.renderToSVGString().replace('<svg ', `<svg x="0" y="${y}" `));
    chart.dispose();
    y += height + 6;
  }
  root.setAttribute('height', String(y + 8));
  root.setAttribute('viewBox', `0 0 ${width} ${y + 8}`);
  root.prepend(svg('rect', { width, height: y + 8, fill: '#fff' }));
  return new XMLSerializer().serializeToString(root).replace(/<\/svg>$/, `${rendered.join('')}</svg>`);
}

/** The look of an arm in a legend: line, dash and marker. */
export function swatch(style: ArmStyle): SVGElement {
  const dash = style.dash === 'solid' ? 'none' : Array.isArray(style.dash) ? style.dash.join(' ') : style.dash === 'dashed' ? '6 4' : '2 2';
  return svg('g', {}, svg('path', { d: 'M0 7H36', stroke: style.color, 'stroke-width': 2, 'stroke-dasharray': dash, fill: 'none' }), mark(style));
}

/** An arm's marker alone, in a picture of 36 by 14. */
export function mark(style: ArmStyle): SVGElement {
  const outline: Record<ArmStyle['symbol'], string> = {
    circle: 'M14.5 7a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0', rect: 'M14.8 3.8h6.4v6.4h-6.4z', triangle: 'M18 2.8l4.4 7.6h-8.8z',
      diamond: 'M18 2l4.6 5l-4.6 5l-4.6 -5z', pin: 'M18 12l-4 -7h8z', arrow: 'M18 2l4 10l-4 -3l-4 3z',
  };
  return svg('path', { d: outline[style.symbol], fill: style.color });
}

/** The SVG drawn at twice its size. */
export async function toPng(source: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no canvas');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error('the picture is too large for a canvas'))), 'image/png'));
}
