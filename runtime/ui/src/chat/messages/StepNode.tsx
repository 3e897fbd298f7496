import { memo } from 'react';

import { useApp } from '../store/app';
import { useChat } from '../store/chat';
import { childrenOf } from '../store/steps';
import { AnswerBar } from './AnswerBar';
import { BotMessage } from './BotMessage';
import { StatusLine } from './StatusLine';
import { StepFold } from './StepFold';
import { UserMessage } from './UserMessage';

/** One step with all below it. */
export const StepNode = memo(function StepNode({ id }: { id: string }) {
  const type = useChat(({ steps }) => steps.byId[id]?.type);
  const isStatus = useChat(({ steps }) => {
    const step = steps.byId[id];
    return step?.type === 'undefined' && !step.end && !step.input && !step.output;
  });
  const isHidden = useApp(({ settings }) => hides(settings?.ui.cot, type));
  if (!type) return null;
  // A status is a step that goes when the turn ends.
  if (isStatus) return <StatusLine id={id} />;
  switch (type) {
    case 'run': return <Run id={id} />;
    case 'user_message': return <Message id={id}><UserMessage id={id} /></Message>;
    case 'assistant_message':
    case 'system_message': return <Message id={id}><BotMessage id={id} /></Message>;
    default: return isHidden ? <Below id={id} /> : <StepFold id={id} />;
  }
});

/** How much of its work a bot shows is said by its settings. */
function hides(cot: string | undefined, type: string | undefined): boolean {
  return cot === 'hidden' || (cot === 'tool_call' && type !== 'tool');
}

function Message({ id, children }: { id: string; children: React.ReactNode }) {
  return <>{children}<Below id={id} /></>;
}

/** A turn of the bot: it shows only what it holds. */
function Run({ id }: { id: string }) {
  const isEmpty = useChat(({ steps }) => childrenOf(steps, id).length === 0);
  if (isEmpty) return null;
  return (
    <li className="group/run flex flex-col gap-4" data-run={id}>
      <ol className="contents"><Below id={id} /></ol>
      <AnswerBar runId={id} />
    </li>
  );
}

export function Below({ id }: { id: string }) {
  const children = useChat(({ steps }) => childrenOf(steps, id));
  return children.map((child) => <StepNode key={child} id={child} />);
}
