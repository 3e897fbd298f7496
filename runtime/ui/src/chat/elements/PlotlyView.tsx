import { lazy, Suspense } from 'react';

import { addressOf } from './address';
import { Frame, Loaded, Spinner } from './Frame';
import { useContent } from './useContent';
import { maxWidthOf, type ViewProps } from './view';

const Chart = lazy(() => import('./plotly/Chart'));

export function PlotlyView(props: ViewProps) {
  const { element, sessionId, isWhole } = props;
  const address = addressOf(element, sessionId);
  const content = useContent(address);
  const height = isWhole ? 'min(36rem, 70dvh)' : '24rem';
  return (
    <div style={{ maxWidth: `min(100%, ${maxWidthOf(props, 'large')})` }}>
      <Frame name={element.name} kind="Chart" address={address}>
        <Loaded content={content} minHeight={height}>
          {(text) => (
            <Suspense fallback={<div className="grid place-items-center" style={{ height }}><Spinner /></div>}>
              <Chart name={element.name} json={text} height={height} />
            </Suspense>
          )}
        </Loaded>
      </Frame>
    </div>
  );
}
