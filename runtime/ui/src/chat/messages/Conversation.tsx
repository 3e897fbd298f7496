import { ArrowDown } from 'lucide-react';
import { useEffect } from 'react';
import { StickToBottom, useStickToBottomContext } from 'use-stick-to-bottom';

import { Button } from '../../shared/ui/Button';
import { useChat } from '../store/chat';
import { Reader, type ReaderValue } from './reader';
import { StepNode } from './StepNode';

/** All that was said, held at its end unless the user scrolls up. */
export function Conversation({ reader }: { reader: ReaderValue }) {
  const roots = useChat((state) => state.steps.tree.roots);
  return (
    <Reader.Provider value={reader}>
      <StickToBottom className="relative min-h-0 flex-1" resize="smooth" initial="instant">
        <StickToBottom.Content className="mx-auto flex w-full max-w-3xl flex-col gap-4 px-4 py-6" scrollClassName="chat-scroll">
          <div aria-label="Conversation" role="log" aria-live="off" className="contents">
            <ol className="contents">{roots.map((id) => <StepNode key={id} id={id} />)}</ol>
          </div>
          <Waiting />
        </StickToBottom.Content>
        <ToLatest />
        <FollowOwn />
        <FollowRoom />
      </StickToBottom>
      <Announcer />
    </Reader.Provider>
  );
}

/** The bot is at work and has shown nothing yet. */
function Waiting() {
  const isWaiting = useChat(({ isWorking, steps }) => {
    if (!isWorking) return false;
    const last = steps.byId[steps.order.at(-1) ?? ''];
    return !last || last.type === 'user_message' || (last.type === 'run' && !last.end);
  });
  if (!isWaiting) return null;
  return (
    <p role="status" className="flex items-center gap-1.5 py-1" data-testid="waiting">
      {[0, 200, 400].map((delay) => (
        <span key={delay} className="size-1.5 animate-blink rounded-full bg-muted" style={{ animationDelay: `${delay}ms` }} />
      ))}
      <span className="sr-only">The bot is at work</span>
    </p>
  );
}

function ToLatest() {
  const { isAtBottom, scrollToBottom } = useStickToBottomContext();
  if (isAtBottom) return null;
  return (
    <Button className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-md" onClick={() => void scrollToBottom()}>
      <ArrowDown size={16} aria-hidden /> Jump to latest
    </Button>
  );
}

/** Whoever says something wants to see it, wherever they have scrolled to. */
function FollowOwn() {
  const { scrollToBottom } = useStickToBottomContext();
  const own = useChat(({ steps }) => {
    const last = steps.byId[steps.order.at(-1) ?? ''];
    return last?.type === 'user_message' ? last.id : null;
  });
  useEffect(() => {
    if (own) void scrollToBottom();
  }, [own, scrollToBottom]);
  return null;
}

/** What is below the conversation grows and shrinks: who was at the end stays there. */
function FollowRoom() {
  const { scrollRef, scrollToBottom, state } = useStickToBottomContext();
  useEffect(() => {
    const room = scrollRef.current;
    if (!room) return;
    // Whoever has no mouse scrolls it by the keyboard.
    room.tabIndex = 0;
    const watch = new ResizeObserver(() => state.isAtBottom && void scrollToBottom('instant'));
    watch.observe(room);
    return () => watch.disconnect();
  }, [scrollRef, scrollToBottom, state]);
  return null;
}

/** Reads an answer out when it is complete: word by word nobody could follow. */
function Announcer() {
  const text = useChat(({ steps, isWorking }) => {
    if (isWorking) return '';
    const id = steps.order.findLast((it) => steps.byId[it]?.type === 'assistant_message');
    const step = id ? steps.byId[id] : undefined;
    return step && !step.streaming ? `${step.name}: ${step.output}` : '';
  });
  return <div aria-live="polite" className="sr-only" data-testid="announcer">{text.slice(0, 2000)}</div>;
}
