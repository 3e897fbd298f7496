import { lazy, Suspense } from 'react';

import { Spinner } from './Frame';
import type { ViewProps } from './view';

const BotComponent = lazy(() => import('./custom/BotComponent'));

export function CustomView({ element, sessionId }: ViewProps) {
  return (
    <Suspense fallback={<Spinner label={`Loading ${element.name}`} />}>
      <BotComponent element={element} sessionId={sessionId} />
    </Suspense>
  );
}
