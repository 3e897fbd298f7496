import type { Point } from '../store/derive';
import { number } from '../ui/format';

const WIDTH = 120;
const HEIGHT = 32;

/** A line without axes. Its numbers are said in words. */
export function Sparkline(props: { points: Point[]; label: string }) {
  const known = props.points.filter((point) => point !== null);
  const peak = Math.max(...known, 0);
  const path = line(props.points, peak || 1);
  const now = known.at(-1) ?? 0;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-8 w-full"
      role="img"
      aria-label={`${props.label}: ${number(now)} now, ${number(peak)} at most in the last minutes`}
    >
      <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      {path && <path d={path} fill="none" stroke="var(--accent)" strokeWidth="1.5" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}

function line(points: Point[], peak: number): string {
  const step = WIDTH / Math.max(1, points.length - 1);
  let pen = 'M';
  return points
    .map((point, index) => {
      if (point === null) {
        pen = 'M';
        return '';
      }
      const command = `${pen}${(index * step).toFixed(1)} ${(HEIGHT - 2 - (point / peak) * (HEIGHT - 5)).toFixed(1)}`;
      pen = 'L';
      return command;
    })
    .join('');
}
