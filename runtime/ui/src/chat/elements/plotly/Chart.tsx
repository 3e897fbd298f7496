import Plotly from 'plotly.js-basic-dist-min';
import { useEffect, useMemo, useRef, useState } from 'react';

import { useIsDark } from '../useIsDark';
import { Trouble } from '../Frame';
import { parseFigure, themed } from './figure';

interface ChartProps {
  name: string;
  json: string;
  height: string;
}

export default function Chart({ name, json, height }: ChartProps) {
  const root = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  const [trouble, setTrouble] = useState<string | null>(null);
  const parsed = useMemo(() => parseFigure(json), [json]);

  useEffect(() => {
    const place = root.current;
    if (!place || 'trouble' in parsed) return;
    const { data, layout, config } = themed(parsed, isDark);
    Plotly.react(place, data, layout, config).catch((error: unknown) => setTrouble(String(error)));
  }, [parsed, isDark]);

  useEffect(() => {
    const place = root.current;
    if (!place) return;
    const observer = new ResizeObserver(() => {
      // Plotly takes a size that is not there for an error.
      if (place.offsetWidth > 0 && place.classList.contains('js-plotly-plot')) Plotly.Plots.resize(place);
    });
    observer.observe(place);
    return () => {
      observer.disconnect();
      Plotly.purge(place);
    };
  }, []);

  const reason = 'trouble' in parsed ? parsed.trouble : trouble;
  if (reason !== null) return <div className="p-3.5"><Trouble reason={reason} /></div>;
  return <div ref={root} role="group" aria-label={`Chart ${name}`} className="inline-plotly w-full" style={{ height }} />;
}
