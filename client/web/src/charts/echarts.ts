/** The parts of ECharts that the page uses; the rest is shaken out of the bundle. */
import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, CustomChart, GridComponent, TitleComponent, TooltipComponent, SVGRenderer]);

export { init };
export type { ECharts, EChartsCoreOption };
