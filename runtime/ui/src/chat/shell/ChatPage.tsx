import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useNavigate, useParams } from 'react-router';

import { useIsWide } from '../../shared/media';
import { Drawer } from '../../shared/ui/Dialog';
import { addFiles } from '../composer/Composer';
import { useAttachments } from '../composer/attachments';
import { ElementHostContext } from '../elements/host';
import { Conversation } from '../messages/Conversation';
import { app, setHistoryColumn, useApp, useHasHistory } from '../store/app';
import { chat, useChat } from '../store/chat';
import { Banner } from './Banner';
import { Desk } from './Desk';
import { useDropzone } from './dropzone';
import { Header } from './Header';
import { host } from './host';
import { useNewChat, useOpenThread } from './navigation';
import { Opening } from './Notices';
import { SidePanel } from './SidePanel';
import { useThreadRoute } from './threadRoute';
import { Welcome } from './Welcome';

const History = lazy(() => import('../history/History').then((it) => ({ default: it.History })));

/** The conversation with all that stands around it. */
export function ChatPage() {
  const { id } = useParams();
  const mode = useThreadRoute(id);
  const rules = useApp(({ settings }) => settings?.features.spontaneous_file_upload);
  const attachments = useAttachments(rules);
  const drop = useDropzone((files) => addFiles(attachments, files));
  const isWide = useIsWide();
  const hasHistory = useHasHistory();
  const hasColumn = useApp((state) => state.hasHistoryColumn) && hasHistory && isWide;
  const newChat = useNewChat();
  const showHistory = () => (isWide ? setHistoryColumn(true) : app.set({ isHistoryOpen: true }));
  return (
    <ElementHostContext.Provider value={host}>
      <div className="flex h-dvh overflow-hidden" {...drop.handlers}>
        {hasColumn ? <div className="w-68 shrink-0 border-r border-line bg-sunken"><HistoryPane onClose={() => setHistoryColumn(false)} /></div> : null}
        {hasHistory && !isWide ? <HistoryDrawer /> : null}
        <div className="flex min-w-0 flex-1 flex-col">
          <Header onNew={newChat} onHistory={showHistory} isHistoryShown={hasColumn} />
          <Banner />
          <div className="flex min-h-0 flex-1">
            <main className="relative flex min-w-0 flex-1 flex-col">
              <Content mode={mode} />
              {mode === 'live' ? <Desk attachments={attachments} /> : null}
              {drop.isOver && mode === 'live' ? <DropHint /> : null}
            </main>
            <SidePanel />
          </div>
        </div>
      </div>
    </ElementHostContext.Provider>
  );
}

function Content({ mode }: { mode: 'live' | 'read' | 'gone' }) {
  const navigate = useNavigate();
  const isEmpty = useChat(({ steps }) => !steps.order.some((id) => steps.byId[id]?.type !== 'run'));
  const isOpening = useChat((state) => state.isOpening);
  const reader = useMemo(() => ({
    canAct: mode === 'live',
    openElement: (id: string) => {
      const element = chat.get().elements[id];
      if (element?.display === 'page') void navigate(`/element/${id}?thread=${element.threadId ?? ''}`);
      else chat.set({ panel: { kind: 'element', id } });
    },
  }), [mode, navigate]);
  if (mode === 'gone' || isOpening) return <Opening isGone={mode === 'gone'} />;
  return isEmpty ? <Welcome /> : <Conversation reader={reader} />;
}

function HistoryPane({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const openThread = useOpenThread();
  const newChat = useNewChat();
  return (
    <Suspense>
      <History onOpen={openThread} onNew={newChat} onClose={onClose} onGone={() => void navigate('/')} />
    </Suspense>
  );
}

function HistoryDrawer() {
  const isOpen = useApp((state) => state.isHistoryOpen);
  const isWide = useIsWide();
  const set = (next: boolean) => app.set({ isHistoryOpen: next });
  useEffect(() => { if (isWide) app.set({ isHistoryOpen: false }); }, [isWide]);
  return <Drawer open={isOpen} onOpenChange={set} title="Conversations" side="left"><HistoryPane onClose={() => set(false)} /></Drawer>;
}

function DropHint() {
  return (
    <div className="pointer-events-none absolute inset-3 z-30 grid place-items-center rounded-2xl border-2 border-dashed border-accent bg-page/90 text-accent">
      Drop the files here
    </div>
  );
}
