import type { RowSpec } from './spec';

export interface Cell {
  left: number;
  top: number;
  width: number;
  height: number;
  /** First of its line: carries the y labels. */
  first: boolean;
  /** Carries the x labels. */
  bottom: boolean;
}

/** Places the panels of a row: as many beside each other as fit, the rest below. Pixels. */
export function layout(row: RowSpec, width: number): { panels: Cell[]; height: number; columns: number } {
  const left = row.left ?? 62;
  const right = 14;
  const between = row.sharedY ? 18 : left - 8;
  const narrowest = row.narrowest ?? 150;
  const count = Math.max(1, row.panels.length);
  const columns = Math.max(1, Math.min(count, Math.floor((width - left - right + between) / (narrowest + between))));
  const lines = Math.ceil(count / columns);
  const even = Math.ceil(count / lines);
  const panel = Math.max(60, Math.floor((width - left - right - between * (even - 1)) / even));
  const shape = row.shape ?? { ratio: 0.78, least: 150, most: 230 };
  const height = Math.round(Math.min(shape.most, Math.max(shape.least, panel * shape.ratio)));
  const head = row.title ? 48 : 30;
  const below = 46;
  const pitch = height + below + 26;
  return {
    columns: even,
    height: head + lines * height + (lines - 1) * (below + 26) + below,
    panels: row.panels.map((_, i) => ({
      left: left + (i % even) * (panel + between), top: head + Math.floor(i / even) * pitch, width: panel, height, first: i % even === 0, bottom: true,
    })),
  };
}
