import { Upload } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { PICKER, useDeploy } from './store';

const DeploySheet = lazy(() => import('./DeploySheet').then((module) => ({ default: module.DeploySheet })));

/** Takes files that are dropped anywhere. */
export function DropZone() {
  const isOver = useDrop(useDeploy.getState().offer);
  const isOpen = useDeploy((store) => store.isOpen);
  return (
    <>
      <input
        id={PICKER}
        type="file"
        accept=".wasm,application/wasm"
        className="hidden"
        aria-label="A component to deploy"
        onChange={(event) => {
          useDeploy.getState().offer([...(event.target.files ?? [])]);
          // Or the same file could not be chosen again.
          event.target.value = '';
        }}
      />
      {isOver && <Veil />}
      {isOpen && (
        <Suspense>
          <DeploySheet />
        </Suspense>
      )}
    </>
  );
}

function Veil() {
  return (
    <div className="pointer-events-none fixed inset-0 z-60 grid place-items-center bg-page/85 p-6 backdrop-blur-sm">
      <div className="flex flex-col items-center gap-3 rounded-2xl border-2 border-dashed border-accent bg-raised px-12 py-10 text-center">
        <Upload size={28} className="text-accent" aria-hidden />
        <p className="text-lg font-medium">Drop the component to deploy it</p>
        <p className="text-sm text-muted">A .wasm file, one at a time</p>
      </div>
    </div>
  );
}

function useDrop(onFiles: (files: File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  // Entering a child comes before leaving its parent, so both are counted.
  const depth = useRef(0);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const count = (change: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = Math.max(0, depth.current + change);
      setOver(depth.current > 0);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const listeners = { dragenter: count(1), dragleave: count(-1), dragover: count(0), drop };
    const entries = Object.entries(listeners) as [keyof typeof listeners, (event: DragEvent) => void][];
    entries.forEach(([type, listener]) => window.addEventListener(type, listener));
    return () => entries.forEach(([type, listener]) => window.removeEventListener(type, listener));
  }, [onFiles]);
  return isOver;
}
