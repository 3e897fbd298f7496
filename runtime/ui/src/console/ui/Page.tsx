import { useEffect, type ReactNode } from 'react';

/** The head of a page, and its title in the tab. */
export function Page(props: { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  useTitle(props.title);
  return (
    <div className="space-y-6">
      <header className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1">
          <h1 className="text-2xl font-semibold tracking-tight break-words">{props.title}</h1>
          {props.note && <div className="mt-1 text-sm text-muted">{props.note}</div>}
        </div>
        {props.actions && <div className="flex flex-wrap gap-2">{props.actions}</div>}
      </header>
      {props.children}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Chinwag console`;
  }, [title]);
}

export function Empty(props: { title: string; children: ReactNode }) {
  return (
    <div className="rounded-xl border border-dashed border-line px-6 py-14 text-center">
      <p className="font-medium">{props.title}</p>
      <div className="mx-auto mt-1 max-w-md text-sm text-muted">{props.children}</div>
    </div>
  );
}

export function Loading(props: { what: string }) {
  return (
    <p role="status" className="py-10 text-center text-sm text-muted">
      Loading {props.what}…
    </p>
  );
}
