/** What the dashboard draws with beyond the report page's charts. Loaded only by the views that draw. */
import { ParallelChart } from 'echarts/charts';
import { ParallelComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { renderer } from '../charts/renderer';

use([CanvasRenderer, ParallelChart, ParallelComponent]);
// The page's policy allows no style attributes, which the SVG drawing of text needs.
renderer.kind = 'canvas';

export { ChartHost } from '../charts/host';
