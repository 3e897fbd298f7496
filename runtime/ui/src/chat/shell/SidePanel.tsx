import { X } from 'lucide-react';
import type { ReactNode } from 'react';

import { useMedia } from '../../shared/media';
import { IconButton } from '../../shared/ui/Button';
import { Drawer } from '../../shared/ui/Dialog';
import { ElementView } from '../elements/Elements';
import type { Element } from '../protocol';
import { chat, useChat } from '../store/chat';

const close = () => chat.set({ panel: null });

/** What is shown beside the conversation; on small windows above it. */
export function SidePanel() {
  const isBeside = useMedia('(min-width: 1024px)');
  const { title, elements } = usePanel();
  const sessionId = useChat((state) => state.sessionId);
  if (elements.length === 0 && !title) return null;
  const content = <PanelContent title={title} elements={elements} sessionId={sessionId} />;
  if (!isBeside) return <Drawer open onOpenChange={close} title={title || 'Beside the conversation'} side="right">{content}</Drawer>;
  return <aside aria-label={title || 'Beside the conversation'} className="flex w-[min(28rem,40%)] shrink-0 flex-col border-l border-line bg-page">{content}</aside>;
}

function usePanel(): { title: string; elements: Element[] } {
  const panel = useChat((state) => state.panel);
  const sidebar = useChat((state) => state.sidebar);
  const element = useChat(({ elements }) => (panel?.kind === 'element' ? elements[panel.id] : undefined));
  if (element) return { title: element.name, elements: [element] };
  if (panel?.kind === 'sidebar' && sidebar) return sidebar;
  return { title: '', elements: [] };
}

function PanelContent({ title, elements, sessionId }: { title: string; elements: Element[]; sessionId: string }): ReactNode {
  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{title}</h2>
        <IconButton label="Close the panel" onClick={close}><X size={18} /></IconButton>
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
        {elements.map((element) => <ElementView key={element.id} element={element} sessionId={sessionId} />)}
      </div>
    </>
  );
}
