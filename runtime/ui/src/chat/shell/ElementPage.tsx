import { ArrowLeft } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';

import { IconButton } from '../../shared/ui/Button';
import { api } from '../api';
import { ElementHostContext } from '../elements/host';
import { ElementView } from '../elements/Elements';
import type { Element } from '../protocol';
import { useChat } from '../store/chat';
import { host } from './host';
import { Loading, Notice } from './Notices';

/** One element on a page of its own. */
export default function ElementPage() {
  const { id = '' } = useParams();
  const [query] = useSearchParams();
  const thread = query.get('thread');
  const navigate = useNavigate();
  const shown = useChat((state) => state.elements[id]);
  const sessionId = useChat((state) => state.sessionId);
  const [kept, setKept] = useState<Element | null>(null);
  const [isMissing, setMissing] = useState(false);
  const element = shown ?? kept;

  useEffect(() => {
    if (shown) return;
    if (!thread) return setMissing(true);
    api.threadElement(thread, id).then((it) => (it ? setKept(it) : setMissing(true)), () => setMissing(true));
  }, [shown, thread, id]);

  const back = () => {
    if (window.history.length > 1) void navigate(-1);
    else void navigate('/');
  };
  return (
    <ElementHostContext.Provider value={host}>
      <div className="flex h-dvh flex-col">
        <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-2">
          <IconButton label="Back to the conversation" onClick={back}><ArrowLeft size={18} /></IconButton>
          <h1 className="min-w-0 truncate text-sm font-semibold">{element?.name ?? 'Element'}</h1>
        </header>
        <main className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          <div className="mx-auto flex w-full max-w-5xl flex-1 flex-col p-4">
            {element ? <ElementView element={element} sessionId={sessionId} />
              : isMissing ? <Notice title="This is not there any more" /> : <Loading label="Opening" />}
          </div>
        </main>
      </div>
    </ElementHostContext.Provider>
  );
}
