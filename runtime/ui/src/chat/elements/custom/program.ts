import { useEffect, useState } from 'react';

import { loadImports, type Imports } from './imports';

export type Program =
  | { state: 'loading' }
  | { state: 'ready'; source: string; imports: Imports }
  | { state: 'failed'; reason: string };

const programs = new Map<string, Promise<Program>>();

/** The source of a component with what it imports. */
export function useProgram(name: string): Program {
  const [program, setProgram] = useState<Program>({ state: 'loading' });
  useEffect(() => {
    let isCurrent = true;
    void load(name).then((loaded) => {
      if (isCurrent) setProgram(loaded);
    });
    return () => {
      isCurrent = false;
    };
  }, [name]);
  return program;
}

async function load(name: string): Promise<Program> {
  const loading = programs.get(name) ?? fetchProgram(name);
  programs.set(name, loading);
  const program = await loading;
  if (program.state === 'failed') programs.delete(name);
  return program;
}

async function fetchProgram(name: string): Promise<Program> {
  if (!/^[\w-]+$/.test(name)) return { state: 'failed', reason: 'This is no name of a component.' };
  const path = `/public/elements/${name}.jsx`;
  try {
    const response = await fetch(path);
    // A server that has no such file may answer with its page instead.
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
    if (!response.ok || isPage) return { state: 'failed', reason: `${path} is not on the server.` };
    const source = await response.text();
    return { state: 'ready', source, imports: await loadImports(source) };
  } catch (error) {
    return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
