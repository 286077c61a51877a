/** Chart types of the dashboard beyond those of the report page. Loaded only by views that need them. */
import { ParallelChart } from 'echarts/charts';
import { ParallelComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { renderer } from '../charts/renderer';

use([CanvasRenderer, ParallelChart, ParallelComponent]);
// The Content-Security-Policy forbids style attributes, which SVG text needs.
renderer.kind = 'canvas';

export { ChartHost } from '../charts/host';
