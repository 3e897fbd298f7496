import { memo } from 'react';

import type { Element, ElementType } from '../protocol';
import { CustomView } from './CustomView';
import { DataframeView } from './DataframeView';
import { ErrorBox } from './ErrorBox';
import { FileView } from './FileView';
import { ImageView } from './ImageView';
import { AudioView, VideoView } from './MediaView';
import { PdfView } from './PdfView';
import { PlotlyView } from './PlotlyView';
import { TextView } from './TextView';
import type { ViewProps } from './view';

export interface InlineElementsProps {
  elements: Element[];
  sessionId: string;
}

export interface ElementViewProps {
  element: Element;
  sessionId: string;
}

const VIEWS: Record<Exclude<ElementType, 'tasklist'>, (props: ViewProps) => React.ReactNode> = {
  audio: AudioView,
  custom: CustomView,
  dataframe: DataframeView,
  file: FileView,
  image: ImageView,
  pdf: PdfView,
  plotly: PlotlyView,
  text: TextView,
  video: VideoView,
};

/** Small things stand side by side; the rest has the width to itself. */
const SMALL: ElementType[] = ['image', 'file'];

/** What belongs to a message and is shown in it. */
export function InlineElements({ elements, sessionId }: InlineElementsProps) {
  const inline = elements.filter(({ display, type }) => display === 'inline' && type !== 'tasklist');
  if (inline.length === 0) return null;
  const small = inline.filter(({ type }) => SMALL.includes(type));
  const large = inline.filter(({ type }) => !SMALL.includes(type));
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {small.length > 0 && (
        <div className="flex min-w-0 flex-wrap items-start gap-2.5">
          {small.map((element) => <View key={element.id} element={element} sessionId={sessionId} isWhole={false} />)}
        </div>
      )}
      {large.map((element) => <View key={element.id} element={element} sessionId={sessionId} isWhole={false} />)}
    </div>
  );
}

/** One element whole: in the panel at the side or on a page of its own. */
export function ElementView({ element, sessionId }: ElementViewProps) {
  return <View element={element} sessionId={sessionId} isWhole />;
}

const View = memo(function View(props: ViewProps) {
  const { type, name } = props.element;
  if (type === 'tasklist') return null;
  // Of a kind that is not known here there may still be a file.
  const Kind = Object.hasOwn(VIEWS, type) ? VIEWS[type] : FileView;
  return (
    <ErrorBox what={name} resetBy={props.element}>
      <Kind {...props} />
    </ErrorBox>
  );
});
