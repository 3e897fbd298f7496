import { lazy, Suspense, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';

import { Composer } from '../composer/Composer';
import type { Attachments } from '../composer/attachments';
import { changeSettings, editSettings, upload } from '../connection/chat';
import type { Ask } from '../protocol';
import { app, useApp } from '../store/app';
import { useChat } from '../store/chat';

const AskPanel = lazy(() => import('../ask/AskPanel').then((it) => ({ default: it.AskPanel })));
const AskNotice = lazy(() => import('../ask/AskPanel').then((it) => ({ default: it.AskNotice })));
const TaskList = lazy(() => import('../tasks/TaskList').then((it) => ({ default: it.TaskList })));
const SettingsDialog = lazy(() => import('../settings/SettingsDialog').then((it) => ({ default: it.SettingsDialog })));

/** What lies below the conversation: tasks, the open question, and where the user writes. */
export function Desk({ attachments }: { attachments: Attachments }) {
  const ask = useChat((state) => state.ask);
  const taskList = useChat((state) => state.taskList);
  const tokens = useChat((state) => state.tokens);
  return (
    <div className="mx-auto flex w-full max-w-3xl shrink-0 flex-col gap-2 px-3 pb-3 sm:px-4 sm:pb-4">
      <Suspense>
        {taskList ? <div className="max-h-[30dvh] overflow-y-auto"><TaskList element={taskList} /></div> : null}
        {ask ? <Question key={ask.step.id} ask={ask} /> : null}
      </Suspense>
      <Composer attachments={attachments} />
      {tokens > 0 ? <p className="text-center text-xs text-muted tabular-nums">{tokens.toLocaleString()} tokens used</p> : null}
      <Settings />
    </div>
  );
}

function Question({ ask }: { ask: Ask }) {
  const sessionId = useChat((state) => state.sessionId);
  const elements = useChat(useShallow((state) => Object.values(state.elements).filter((it) => it.forId === ask.step.id)));
  const actions = useChat(useShallow((state) => state.actions.filter((it) => it.forId === ask.step.id)));
  const send = useMemo(
    () => (file: File, onProgress: (share: number) => void) => upload(file, onProgress, ask.step.parentId),
    [ask.step.parentId],
  );
  const Shown = ask.spec.type === 'text' ? AskNotice : AskPanel;
  return <Shown ask={ask} sessionId={sessionId} upload={send} elements={elements} actions={actions} />;
}

function Settings() {
  const isOpen = useApp((state) => state.isSettingsOpen);
  const widgets = useChat((state) => state.widgets);
  const values = useChat((state) => state.settings);
  if (!isOpen) return null;
  const close = () => app.set({ isSettingsOpen: false });
  return (
    <Suspense>
      <SettingsDialog
        open onOpenChange={(open) => !open && close()} widgets={widgets} values={values} onEdit={editSettings}
        onSave={(next) => { changeSettings(next); close(); }}
      />
    </Suspense>
  );
}
