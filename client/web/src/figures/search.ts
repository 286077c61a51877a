import type { ArmMarks, PanelSpec, RowSpec } from '../charts/spec';
import { number, withUnit } from '../format';
import { label } from '../model/axes';
import type { Group, Metric } from '../model/report';
import type { State } from '../state';
import { rangeAxis, valueAxis } from './common';

/** A row per range: every setting's mean over seeds against its value there, a panel for each data set, a colour for each arm. */
export function alongRanges(state: State, axes: readonly string[], metric: Metric): RowSpec[] {
  const mean = (g: Group): number | null => g.metrics[metric.name]?.mean ?? null;
  const groups = state.report.settings.filter((g) => mean(g) !== null);
  const y = valueAxis(withUnit(metric.label, metric.unit), groups.map(mean));
  const arm = state.report.sweep.compare.axis;
  return axes.map((axis): RowSpec => {
    const at = (g: Group): number => Number(label(g.axes[axis] ?? ''));
    const x = rangeAxis(axis, groups.map(at));
    const panels = [...new Set(groups.map((g) => label(g.axes.dataset ?? '')))].map((dataset): PanelSpec => ({
      title: dataset, x, y, rulers: [],
      arms: state.shownArms.map((name): ArmMarks => ({
        arm: name, line: false, interval: 'none', markEvery: 1,
        points: groups.filter((g) => label(g.axes.dataset ?? '') === dataset && label(g.axes[arm] ?? '') === name).sort((a, b) => at(a) - at(b))
          .map((g) => ({ x: at(g), y: mean(g), tip: `${number(at(g))}: ${number(mean(g) ?? NaN)}` })),
      })),
    }));
    return { title: '', panels, sharedY: true, shape: { ratio: 0.62, least: 190, most: 300 }, tooltip: 'item' };
  });
}
