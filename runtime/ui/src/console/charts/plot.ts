import uPlot from 'uplot';
import type { Point } from '../store/derive';
import type { Colours } from './useColours';

/** Samples further apart than this are not joined. */
const GAP_S = 12;
const MIN_SPAN_S = 120;

export interface Series {
  label: string;
  points: Point[];
  /** Which colour of the palette. */
  colour: number;
  dash?: number[];
}

export interface Mark {
  at: number;
  label: string;
}

/** What uPlot draws: times in seconds, and nothing where nobody looked. */
export function dataOf(times: number[], series: Series[]): uPlot.AlignedData {
  const xs: number[] = [];
  const ys: Point[][] = series.map(() => []);
  times.forEach((time, index) => {
    const x = time / 1_000;
    const last = xs.at(-1);
    if (last !== undefined && x - last > GAP_S) {
      xs.push((x + last) / 2);
      ys.forEach((points) => points.push(null));
    }
    xs.push(x);
    ys.forEach((points, n) => points.push(series[n]?.points[index] ?? null));
  });
  return [xs, ...ys];
}

/** Steps of an axis of bytes, so that it shows 32 and 64 MiB, not 38.1. */
const BINARY = Array.from({ length: 44 }, (_, power) => 2 ** power);

interface Look {
  isBytes: boolean;
  width: number;
  height: number;
  colours: Colours;
  format(value: number): string;
  marks: { current: Mark[] };
}

export function optionsOf(series: Series[], { isBytes, width, height, colours, format, marks }: Look): uPlot.Options {
  const axis = { stroke: colours.ink, grid: { stroke: colours.line, width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 5 } },
    padding: [10, 26, 0, 0],
    scales: {
      x: { range: (_, min, max) => [Math.min(min, max - MIN_SPAN_S), max] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.15 : 1] },
    },
    axes: [
      { ...axis, size: 28, space: 90, values: (_, splits) => splits.map(timeOf) },
      { ...axis, size: 64, space: 32, incrs: isBytes ? BINARY : undefined, values: (_, splits) => splits.map((value) => (value === 0 ? '0' : format(value))) },
    ],
    series: [
      {},
      ...series.map(({ label, colour, dash }) => ({
        label,
        stroke: colours.series[colour % colours.series.length],
        width: 1.75,
        dash,
        points: { show: false },
      })),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, marks.current, colours)] },
  };
}

const timeOf = (value: number) => new Date(value * 1_000).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

/** Upright lines, for what happened at a moment. */
function drawMarks(plot: uPlot, marks: Mark[], colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colours.ink;
  ctx.fillStyle = colours.ink;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.textAlign = 'left';
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  for (const mark of marks) {
    const x = plot.valToPos(mark.at / 1_000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(mark.label, x + 3 * devicePixelRatio, bbox.top + 9 * devicePixelRatio);
  }
  ctx.restore();
}
