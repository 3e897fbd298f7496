import { lazy, Suspense, useMemo } from 'react';

import { CopyButton } from '../markdown/CopyButton';
import { addressOf } from './address';
import { parseFrame, toCsv, type DataFrame } from './dataframe/frame';
import { Frame, Loaded, Spinner, Trouble } from './Frame';
import { useContent } from './useContent';
import type { ViewProps } from './view';

const DataTable = lazy(() => import('./dataframe/DataTable'));

export function DataframeView({ element, sessionId, isWhole }: ViewProps) {
  const address = addressOf(element, sessionId);
  const content = useContent(address);
  const text = content.state === 'ready' ? content.text : null;
  const frame = useMemo(() => (text === null ? null : parseFrame(text)), [text]);
  return (
    <Frame name={element.name} kind="Table" tools={frame && <Tools name={element.name} frame={frame} />}>
      <Loaded content={content} minHeight="8rem">
        {() => frame
          ? <Suspense fallback={<div className="grid h-32 place-items-center"><Spinner /></div>}><DataTable name={element.name} frame={frame} isWhole={isWhole} /></Suspense>
          : <div className="p-3.5"><Trouble reason="The table cannot be read." /></div>}
      </Loaded>
    </Frame>
  );
}

function Tools({ name, frame }: { name: string; frame: DataFrame }) {
  return (
    <>
      <span className="hidden text-xs text-muted sm:inline">{`${frame.rows.length.toLocaleString()} × ${frame.columns.length}`}</span>
      <CopyButton text={() => toCsv(frame)} label={`Copy ${name} as CSV`} />
    </>
  );
}
