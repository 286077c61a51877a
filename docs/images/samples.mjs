// Draws docs/images/samples.svg: for each data set of the quickstart the data (drawn with the exact score) and what two arms made of it, a dot per sample.
//   node docs/images/samples.mjs      runs what it needs into a temporary folder; about a minute
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const work = mkdtempSync(join(tmpdir(), 'sweep-samples-'));
const sweep = (...args) => execFileSync(join(root, 'sweep'), args, { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
const datasets = [
  { name: 'ring8', yaml: '{kind: gmm-ring, name: ring8}', says: 'eight Gaussians on a circle' },
  { name: 'grid9', yaml: '{kind: gmm-grid, name: grid9}', says: 'nine Gaussians on a grid' },
  { name: 'ica4', yaml: '{kind: gmm-product, name: ica4, dimensions: 4}', says: 'four independent sources, mixed (two of four axes)' },
];
const columns = [
  { run: 'truth', preprocessing: 'standardize', says: 'the data' },
  { run: 'trained', preprocessing: 'standardize', says: 'standardized, width 16' },
  { run: 'trained', preprocessing: 'gaussianize', says: 'Gaussianized, width 16' },
];
const spec = (name, preprocessing, rest) => `sweep: ${name}
seeds: 1
axes:
  dataset: [${datasets.map((d) => d.yaml).join(', ')}]
  preprocessing: [${preprocessing}]
  schedule: vp-linear
  width: [16]
sampling: {sampler: ddpm, steps: 100, samples: 4096}
compare: {axis: dataset, baseline: ring8, metric: energy_distance}
${rest}`;

/** (n, d) rows of a version 1 .npy of doubles or floats in C order. */
function readNpy(file) {
  const bytes = readFileSync(file);
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  const [, n, d] = /'shape': \((\d+), (\d+)\)/.exec(header).map(Number);
  const size = header.includes('<f8') ? 8 : 4;
  const at = (i) => (size === 8 ? bytes.readDoubleLE(10 + length + 8 * i) : bytes.readFloatLE(10 + length + 4 * i));
  return Array.from({ length: n }, (_, r) => Array.from({ length: d }, (_, c) => at(r * d + c)));
}

function samples(run, dataset, preprocessing) {
  const trials = JSON.parse(sweep('trials', run, '--out', run, '--json'));
  const trial = (trials.trials ?? trials).find((t) => t.axes.dataset === dataset && t.axes.preprocessing === preprocessing);
  return readNpy(join(work, run, 'artifacts', trial.id, 'samples.npy'));
}

try {
  writeFileSync(join(work, 'truth.yaml'), spec('truth', 'standardize', 'network: {kind: exact}\n').replace('width: [16]', 'width: [8]'));
  const design = 'network: {hidden_layers: 2}\ntraining: {steps: 4000, batch: 256, learning_rate: 1e-2}\n';
  writeFileSync(join(work, 'trained.yaml'), spec('trained', 'standardize, gaussianize', design));
  for (const name of ['truth', 'trained']) sweep('run', `${name}.yaml`, '--out', name);
  const side = 200, gap = 14, top = 26, left = 8, points = 1500;
  const parts = [];
  datasets.forEach((d, row) => {
    const shown = columns.map((c) => samples(c.run, d.name, c.preprocessing).slice(0, points).map((p) => [p[0], p[1]]));
    const reach = 1.08 * Math.max(...shown[0].flat().map(Math.abs));
    shown.forEach((rows, column) => {
      const x = left + column * (side + gap), y = top + row * (side + gap + 18);
      const dots = rows.filter((p) => p.every((v) => Math.abs(v) <= reach))
        .map((p) => `M${(x + side / 2 + (p[0] / reach) * (side / 2)).toFixed(1)} ${(y + side / 2 - (p[1] / reach) * (side / 2)).toFixed(1)}h0`).join('');
      parts.push(
        `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="#fff" stroke="#d0d5dd"/>`,
        `<path d="${dots}" stroke="${column === 0 ? '#475467' : '#3b6fd4'}"/>`);
      if (row === 0) parts.push(`<text x="${x}" y="${top - 9}">${columns[column].says}</text>`);
    });
    const below = top + row * (side + gap + 18) + side + 15;
    parts.push(`<text x="${left}" y="${below}" font-weight="600">${d.name}<tspan font-weight="400" dx="6">${d.says}</tspan></text>`);
  });
  const width = 2 * left + 3 * side + 2 * gap, height = top + 3 * (side + gap + 18);
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const text = 'font-family="system-ui, sans-serif" font-size="12" fill="#101828"';
  writeFileSync(join(here, 'samples.svg'), `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${text}>
<title>Samples of the quickstart's three data sets: the truth, standardized, Gaussianized</title>
<rect width="100%" height="100%" fill="#f8fafc"/>
<g stroke-width="1.6" stroke-linecap="round" stroke-opacity="0.7" fill-opacity="1">
${parts.join('\n').replaceAll('<text', '<text stroke="none"').replaceAll('<rect', '<rect stroke-opacity="1"')}
</g>
</svg>
`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
