import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';

interface ErrorBoxProps {
  what: string;
  /** Another one of it is another try. */
  resetBy: unknown;
  children: ReactNode;
}

interface ErrorBoxState {
  error: Error | null;
  resetBy: unknown;
}

/** Keeps what breaks in it from breaking the page. */
export class ErrorBox extends Component<ErrorBoxProps, ErrorBoxState> {
  override state: ErrorBoxState = { error: null, resetBy: this.props.resetBy };

  static getDerivedStateFromError(error: unknown): Partial<ErrorBoxState> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: ErrorBoxProps, state: ErrorBoxState): Partial<ErrorBoxState> | null {
    return props.resetBy === state.resetBy ? null : { error: null, resetBy: props.resetBy };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <Broken what={this.props.what} reason={error.message} /> : this.props.children;
  }
}

export function Broken({ what, reason }: { what: string; reason: string }) {
  return (
    <div role="alert" className="flex min-w-0 gap-2.5 rounded-xl border border-bad/40 bg-bad-soft px-3.5 py-2.5 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0">
        <p className="font-medium">“{what}” cannot be shown</p>
        <p className="font-mono text-xs wrap-anywhere whitespace-pre-wrap text-muted">{reason}</p>
      </div>
    </div>
  );
}
