declare module 'plotly.js-basic-dist-min' {
  type Figure = Record<string, unknown>;

  const Plotly: {
    react(root: HTMLElement, data: Figure[], layout: Figure, config: Figure): Promise<unknown>;
    purge(root: HTMLElement): void;
    Plots: { resize(root: HTMLElement): void };
  };
  export default Plotly;
}
