type Figure = Record<string, unknown>;

export interface Parsed {
  data: Figure[];
  layout: Figure;
  config: Figure;
}

/** What the small build of Plotly draws. The whole one would be ten times the page. */
const TRACES = ['scatter', 'scattergl', 'bar', 'pie'];

export function parseFigure(json: string): Parsed | { trouble: string } {
  const figure = tryParse(json);
  if (!isFigure(figure) || !Array.isArray(figure.data)) return { trouble: 'The chart has no data that can be read.' };
  const data = figure.data.filter(isFigure);
  const unknown = data.map(({ type }) => type ?? 'scatter').find((type) => !TRACES.includes(String(type)));
  if (unknown !== undefined) return { trouble: `Charts of the kind “${String(unknown)}” are not drawn here; the figure can be downloaded.` };
  // WebGL is not in this build; the plain kind draws the same.
  const drawn = data.map((trace) => (trace.type === 'scattergl' ? { ...trace, type: 'scatter' } : trace));
  return { data: drawn, layout: isFigure(figure.layout) ? figure.layout : {}, config: isFigure(figure.config) ? figure.config : {} };
}

/** The figure in the colours of the page, where its maker chose none. Plotly writes into what it gets: it gets copies. */
export function themed({ data, layout, config }: Parsed, isDark: boolean): Parsed {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = { gridcolor: color('--line'), zerolinecolor: color('--line'), linecolor: color('--line'), automargin: true };
  const mine: Figure = {
    paper_bgcolor: 'transparent',
    plot_bgcolor: 'transparent',
    font: { color: color('--ink'), family: style.getPropertyValue('--font-sans') || 'sans-serif', size: 12 },
    colorway: isDark
      ? ['#4fd1c5', '#f0b252', '#a5b4fc', '#ff8a7d', '#5fd39a', '#f0abfc']
      : ['#0f766e', '#b45309', '#4f46e5', '#b42318', '#18794e', '#a21caf'],
    margin: { t: layout.title ? 48 : 20, r: 20, b: 52, l: 48 },
    xaxis: axis,
    yaxis: axis,
    modebar: { bgcolor: 'transparent', color: color('--muted'), activecolor: color('--accent') },
  };
  const { width: _w, height: _h, template: _t, ...theirs } = structuredClone(layout);
  return {
    data: structuredClone(data),
    layout: { ...merge(mine, theirs), autosize: true },
    config: { displaylogo: false, ...config, responsive: false },
  };
}

function merge(below: Figure, above: Figure): Figure {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isFigure(under) && isFigure(value) ? merge(under, value) : value;
  }
  return merged;
}

function isFigure(value: unknown): value is Figure {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
