import { ErrorBox } from '../elements/ErrorBox';
import { AskAction } from './AskAction';
import { AskElement } from './AskElement';
import { AskFile } from './AskFile';
import { Countdown } from './Countdown';
import type { AskPanelProps } from './props';

export type { AskPanelProps } from './props';

const TITLES = { file: 'Files are asked for', action: 'Choose one', element: 'Please fill in', text: 'Please answer' };

/** A question that the composer cannot answer, above it. */
export function AskPanel(props: AskPanelProps) {
  const { ask } = props;
  const { type } = ask.spec;
  if (type === 'text') return <AskNotice {...props} />;
  return (
    <section aria-label={TITLES[type]} className="min-w-0 rounded-2xl border border-line bg-raised p-3.5 shadow-sm">
      <header className="mb-2.5 flex items-center justify-between gap-3 text-sm">
        <h2 className="font-medium">{TITLES[type]}</h2>
        <Countdown until={ask.until} total={ask.spec.timeout} />
      </header>
      <ErrorBox what="The question" resetBy={ask}>
        {type === 'file' && <AskFile {...props} />}
        {type === 'action' && <AskAction {...props} />}
        {type === 'element' && <AskElement {...props} />}
      </ErrorBox>
    </section>
  );
}

/** The line that says that the composer answers a question now. */
export function AskNotice({ ask }: AskPanelProps) {
  return (
    <p className="flex items-center justify-between gap-3 px-1 text-sm text-muted" role="status">
      <span>Your next message answers the question.</span>
      <Countdown until={ask.until} total={ask.spec.timeout} />
    </p>
  );
}
