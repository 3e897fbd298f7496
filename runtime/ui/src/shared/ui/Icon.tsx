import { Component, lazy, Suspense, type ReactNode } from 'react';

const Named = lazy(() => import('./NamedIcon'));

interface IconProps {
  /** A name of lucide's, or the address of a picture. */
  name: string;
  size?: number;
}

/** A picture that a bot chose. All names of lucide are allowed, so they load only where one is used. */
export function Icon({ name, size = 16 }: IconProps) {
  const space = <span aria-hidden style={{ width: size, height: size }} className="inline-block shrink-0" />;
  if (/^(https?:\/)?\//.test(name)) {
    return <img src={name} alt="" width={size} height={size} className="shrink-0 rounded-sm object-contain" />;
  }
  return <Quiet instead={space}><Suspense fallback={space}><Named name={name} size={size} /></Suspense></Quiet>;
}

/** A picture that cannot be loaded is no reason to show nothing else. */
class Quiet extends Component<{ instead: ReactNode; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
