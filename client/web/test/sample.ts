/** A small report with every oddity: names that look like markup, a gap in a curve, a group without density, a dotted axis. */
export function sample(change: (r: Record<string, any>) => void = () => undefined): string {
  const hostile = '<img src=x onerror=alert(1)>';
  const axes = [
    { name: 'dataset', values: ['ica4', { kind: 'file', name: hostile, path: 'x.csv' }] },
    { name: 'preprocessing', values: ['standardize', { kind: 'gaussianize', name: '</script><b>' }] },
    { name: 'width', values: [8, 64, 16] },
    { name: 'training.learning_rate', values: [0.001, 0.0003] },
  ];
  const groups = ['ica4', hostile].flatMap((dataset) => ['standardize', '</script><b>']
    .flatMap((preprocessing) => [64, 8, 16].flatMap((width) => [0.001, 0.0003].map((rate) => ({
    axes: { dataset, preprocessing, width, 'training.learning_rate': rate }, seeds: [0, 1], trial_ids: ['a', 'b'], notes: [],
    metrics: {
      log_likelihood: dataset === 'ica4' ? { mean: -3, ci_low: -3.5, ci_high: -2.5, per_seed: [-3.1, -2.9], truth_level: -2 }
        : { mean: null, per_seed: [null, null], reason: 'no known density' },
      steps_to_threshold: dataset === 'ica4' ? { mean: null, per_seed: [3, null], reason: 'never in 1 of 2 seeds' }
        : { mean: null, per_seed: [null, null], reason: 'no known density' },
      energy_distance: { mean: 0.1, ci_low: 0.05, ci_high: 0.15, per_seed: [0.1, 0.1], truth_level: 0.002 },
    },
    curves: dataset === 'ica4' ? { log_likelihood: { mean: [-100, null, -5, -3], ci_low: [-110, null, -6, -3.5], ci_high: [-90, null, -4, -2.5] } } : {},
  })))));
  const report: Record<string, any> = {
    version: 2, generated: '2026-01-01T00:00:00Z', groups, comparisons: [],
    sweep: { name: hostile, id: '0', spec: {}, source: '', axes, seeds: [0, 1],
      compare: { axis: 'preprocessing', baseline: 'standardize', metric: 'log_likelihood' }, threshold_nats: 1 },
    trials: { total: 24, completed: 24 }, environment: {}, metrics: [
      { name: 'log_likelihood', label: 'Log-likelihood', unit: 'nats', better: 'truth_level', explanation: '' }],
    answer: { headline: '', sentences: [], picture: { dataset: 'ica4', width: 16 } }, family: null,
  };
  change(report);
  return JSON.stringify(report);
}
