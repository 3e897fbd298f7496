import { Code } from '../markdown/CodeBlock';
import { CopyButton } from '../markdown/CopyButton';
import { Markdown } from '../markdown/Markdown';
import { addressOf } from './address';
import { Frame, Loaded } from './Frame';
import { useContent } from './useContent';
import type { ViewProps } from './view';

export function TextView({ element, sessionId, isWhole }: ViewProps) {
  const address = addressOf(element, sessionId);
  const content = useContent(address);
  const copy = content.state === 'ready' && <CopyButton text={content.text} label={`Copy ${element.name}`} />;
  const height = isWhole ? '' : 'max-h-[28rem] overflow-y-auto';
  return (
    <Frame name={element.name} kind="Text" address={address} tools={copy}>
      <Loaded content={content}>
        {(text) => (
          <div className={`inline-text ${height}`} tabIndex={isWhole ? undefined : 0} role="region" aria-label={element.name}>
            {element.language
              ? <div className="bare-code"><Code text={text.replace(/\n$/, '')} language={element.language.toLowerCase()} /></div>
              : <div className="p-3.5 text-[0.95rem]"><Markdown text={text} /></div>}
          </div>
        )}
      </Loaded>
    </Frame>
  );
}
