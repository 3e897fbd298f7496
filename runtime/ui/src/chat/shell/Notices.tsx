import { LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../../shared/ui/Button';
import { boot } from '../connection/boot';
import { useApp } from '../store/app';

/** A word in the middle of an empty page. */
export function Notice({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="m-auto flex max-w-md flex-col items-center gap-4 px-6 py-10 text-center">
      <h2 className="text-lg font-semibold">{title}</h2>
      {children}
    </div>
  );
}

export function Opening({ isGone }: { isGone: boolean }) {
  if (!isGone) return <Loading label="Opening the conversation" />;
  return (
    <Notice title="This conversation cannot be opened">
      <p className="text-muted">It was deleted, or it is somebody else’s.</p>
      <Button kind="accent" onClick={() => window.location.assign('/')}>New chat</Button>
    </Notice>
  );
}

export function Loading({ label }: { label: string }) {
  return (
    <div role="status" className="m-auto flex items-center gap-2 p-10 text-sm text-muted">
      <LoaderCircle size={18} className="animate-spin" aria-hidden /> {label}
    </div>
  );
}

export function Failed() {
  const problem = useApp((state) => state.problem);
  return (
    <main className="flex h-dvh">
      <Notice title="The page cannot be shown">
        <p className="text-muted">{problem}</p>
        <Button kind="accent" onClick={() => void boot()}>Try again</Button>
      </Notice>
    </main>
  );
}
