import type { Domain, Scale } from '../scales';

/** One position along an arm, in data units. `null` leaves a gap. */
export interface Point {
  x: number;
  y: number | null;
  low?: number | null;
  high?: number | null;
  /** What the tooltip says after the arm's name. */
  tip: string;
}

/** What is drawn for one arm in one panel. */
export interface ArmMarks {
  arm: string;
  points: Point[];
  /** Joins the points. */
  line: boolean;
  /** Of the line, in pixels (1.9). */
  width?: number;
  /** Interval as a band behind the line, as error bars, or not at all. */
  interval: 'band' | 'bars' | 'none';
  /** Every how many points a marker is drawn; 1 marks each. */
  markEvery: number;
  /** The first point with a marker (0): staggered, so that markers of lines that coincide stand beside each other. */
  markFrom?: number;
  /** Width in x units of a column from zero to each point. */
  column?: number;
  /** Small dots: the single seeds. */
  dots?: { x: number; y: number; tip: string }[];
}

export interface Ruler {
  at: number;
  label?: string;
  kind: 'truth' | 'threshold' | 'zero' | 'edge';
}

/** A marked x position. */
export interface Post {
  at: number;
  /** The line whose colour and dash it has. */
  of: string;
  label: string;
}

export interface AxisSpec {
  name: string;
  scale: Scale;
  /** In data units. */
  domain: Domain;
  /** Given ticks instead of the scale's own. */
  ticks?: { at: number; label: string }[];
}

/** Many points without order. */
export interface CloudMarks {
  /** The arm whose colour it has; null for what all are measured against, which is grey. */
  of: string | null;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** Many arrows, from points by so much. */
export interface ArrowMarks {
  /** The arm whose colour they have; null for what all are measured against, which is amber. */
  of: string | null;
  x: readonly number[];
  y: readonly number[];
  dx: readonly number[];
  dy: readonly number[];
}

export interface PanelSpec {
  title: string;
  x: AxisSpec;
  y: AxisSpec;
  arms: ArmMarks[];
  clouds?: CloudMarks[];
  arrows?: ArrowMarks[];
  rulers: Ruler[];
  posts?: Post[];
  /** A shaded band of y values. */
  near?: { low: number; high: number; plain?: boolean };
  /** Said in the middle of an empty panel. */
  note?: string;
  /** Said in a corner of a panel that is cropped to what can be read: how far the rest reaches. */
  cut?: string;
  /** Head of the tooltip at an x position. */
  tipHead?: (x: number) => string;
}

/** A line of panels that share one drawing. */
export interface RowSpec {
  title: string;
  panels: PanelSpec[];
  /** Panels share the y-axis, so only the first of a line is labelled. */
  sharedY: boolean;
  /** Height over width of one panel, and the bounds of its height in pixels. */
  shape?: { ratio: number; least: number; most: number };
  /** Narrowest useful panel, in pixels. */
  narrowest?: number;
  /** Room for the y labels, in pixels. */
  left?: number;
  /** Tooltips gather the arms at one x (curves) or speak of one mark. */
  tooltip: 'axis' | 'item';
}
