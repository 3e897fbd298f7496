import { useEffect, useId, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { card } from '../ui/classes';
import { bytes } from '../ui/format';
import { dataOf, optionsOf, type Mark, type Series } from './plot';
import { useColours, type Colours } from './useColours';

const HEIGHT = 170;
const NO_MARKS: Mark[] = [];

interface Props {
  title: string;
  note?: string;
  /** When the samples were taken, in milliseconds. */
  times: number[];
  series: Series[];
  marks?: Mark[];
  format(value: number): string;
}

/** Lines over time; the table below them says the same in numbers. */
export function Chart({ title, note, times, series, marks = NO_MARKS, format }: Props) {
  const colours = useColours();
  const id = useId();
  return (
    <figure className={`${card} min-w-0 p-4`} aria-labelledby={id}>
      <figcaption id={id} className="text-sm font-medium">
        {title}
        {note && <span className="ml-2 font-normal text-muted">{note}</span>}
      </figcaption>
      <Plot times={times} series={series} marks={marks} format={format} colours={colours} />
      <Values title={title} series={series} format={format} colours={colours} />
    </figure>
  );
}

function Plot({ times, series, marks, format, colours }: Omit<Props, 'title' | 'note'> & { marks: Mark[]; colours: Colours }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latestMarks = useRef(marks);
  latestMarks.current = marks;
  const [width, setWidth] = useState(0);
  const data = useMemo(() => dataOf(times, series), [times, series]);
  const latestData = useRef(data);
  latestData.current = data;
  // A plot is made anew only when its lines are other ones, not at every sample.
  const shape = series.map(({ label, colour }) => `${label} ${colour}`).join(',');

  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!box.current || width === 0) return;
    const options = optionsOf(series, { isBytes: format === bytes, width, height: HEIGHT, colours, format, marks: latestMarks });
    plot.current = new uPlot(options, latestData.current, box.current);
    return () => plot.current?.destroy();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `series` counts by its shape
  }, [shape, width, colours, format]);
  useEffect(() => plot.current?.setData(data), [data]);

  return <div ref={box} aria-hidden className="mt-2 h-[170px] overflow-hidden" />;
}

function Values({ title, series, format, colours }: Pick<Props, 'title' | 'series' | 'format'> & { colours: Colours }) {
  if (series.length === 0) return <p className="mt-2 text-xs text-muted">No turns in the last 15 minutes.</p>;
  return (
    <table className="mt-2 w-full text-xs tabular-nums">
      <caption className="sr-only">{title}: current values</caption>
      <thead>
        <tr className="text-muted">
          <th scope="col" className="py-0.5 text-left font-normal"><span className="sr-only">Line</span></th>
          <th scope="col" className="py-0.5 text-right font-normal">now</th>
          <th scope="col" className="py-0.5 text-right font-normal">highest</th>
        </tr>
      </thead>
      <tbody>
        {series.map(({ label, points, colour, dash }) => (
          <tr key={label}>
            <th scope="row" className="py-0.5 text-left font-normal">
              <svg viewBox="0 0 16 4" className="mr-2 inline h-1 w-4 align-middle" aria-hidden>
                <line x1="0" x2="16" y1="2" y2="2" stroke={colours.series[colour % colours.series.length]} strokeWidth="3" strokeDasharray={dash?.map((n) => n / 2).join(' ')} />
              </svg>
              {label}
            </th>
            <td className="py-0.5 text-right">{shown(points.at(-1), format)}</td>
            <td className="py-0.5 text-right text-muted">{shown(highest(points), format)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const shown = (value: number | null | undefined, format: (value: number) => string) => (value === null || value === undefined ? '–' : format(value));

function highest(points: Series['points']): number | null {
  const known = points.filter((point) => point !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
