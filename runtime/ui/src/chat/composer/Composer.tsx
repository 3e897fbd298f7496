import { ArrowUp, Paperclip, Settings2, Square } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { toast } from 'sonner';

import { IconButton } from '../../shared/ui/Button';
import { say, stop } from '../connection/chat';
import { app, useApp } from '../store/app';
import { useChat } from '../store/chat';
import type { Command } from '../types';
import { AttachmentList } from './AttachmentList';
import { acceptText, type Attachments } from './attachments';
import { CommandMenu, matching } from './CommandMenu';
import { useDraft } from './draft';
import { focusComposer } from './focus';
import { MicButton } from './MicButton';
import { CommandButtons, defaultOf, FavoritesMenu, ModePickers } from './Pickers';

/** Where the user writes. */
export function Composer({ attachments }: { attachments: Attachments }) {
  const thread = useChat((state) => state.threadId);
  const isWorking = useChat((state) => state.isWorking);
  const ask = useChat((state) => state.ask);
  const [text, setText] = useDraft(thread);
  const choices = useChoices();
  const isUploading = attachments.list.some((it) => !it.file && !it.problem);
  const hasContent = text.trim() !== '' || attachments.list.some((it) => it.file);
  // Another kind of question is answered in its own panel.
  const isElsewhere = ask !== null && ask.spec.type !== 'text';
  const canSend = hasContent && !isUploading && !isWorking && !isElsewhere;

  const send = () => {
    if (!canSend) return;
    const files = attachments.list.flatMap((it) => it.file ?? []);
    say(text.trim(), { command: choices.command?.id, modes: choices.modes, files });
    attachments.clear();
    setText('');
    choices.sent();
  };

  return (
    <form
      aria-label="Write a message" onSubmit={(event) => { event.preventDefault(); send(); }}
      className="relative rounded-3xl border border-line bg-raised shadow-sm transition-colors focus-within:border-accent"
    >
      <AttachmentList list={attachments.list} onRemove={attachments.remove} />
      <Field text={text} onText={setText} onSend={send} onCommand={choices.setCommand} onFiles={(files) => addFiles(attachments, files)} isElsewhere={isElsewhere} />
      <div className="flex flex-wrap items-center gap-0.5 px-2 pb-2">
        <AttachButton attachments={attachments} />
        <SettingsButton />
        <FavoritesMenu onPick={(favorite) => { setText(favorite); focusComposer(); }} />
        <CommandButtons commands={choices.commands} chosen={choices.command} onChoose={choices.setCommand} />
        <ModePickers modes={choices.allModes} chosen={choices.modes} onChoose={choices.setMode} />
        <span className="flex-1" />
        <MicButton />
        {isWorking
          ? <IconButton label="Stop" side="top" kind="accent" className="rounded-full" onClick={stop}><Square size={14} className="fill-current" /></IconButton>
          : <IconButton label="Send" side="top" kind="accent" className="rounded-full" type="submit" disabled={!canSend}><ArrowUp size={18} /></IconButton>}
      </div>
    </form>
  );
}

export function addFiles(attachments: Attachments, files: File[]): void {
  for (const problem of attachments.add(files)) toast.error(problem);
}

interface FieldProps {
  text: string;
  onText(text: string): void;
  onSend(): void;
  onCommand(command: Command): void;
  onFiles(files: File[]): void;
  isElsewhere: boolean;
}

function Field({ text, onText, onSend, onCommand, onFiles, isElsewhere }: FieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const commands = useChat((state) => state.commands);
  const [active, setActive] = useState(0);
  const [isDismissed, setDismissed] = useState(false);
  const found = isDismissed ? [] : matching(commands, text);
  const at = Math.min(active, Math.max(0, found.length - 1));
  useGrowth(area, text);

  const pick = (command: Command) => {
    onCommand(command);
    onText('');
    setActive(0);
  };
  const press = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const command = found[at];
    if (command) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        return setActive((at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        return pick(command);
      }
      if (event.key === 'Escape') return setDismissed(true);
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      onSend();
    }
  };

  return (
    <>
      {found.length > 0 ? <CommandMenu id={id} commands={found} active={at} onPick={pick} /> : null}
      <textarea
        ref={area} id="composer" rows={1} value={text} onKeyDown={press} disabled={isElsewhere}
        aria-label="Message" role={found.length > 0 ? 'combobox' : undefined}
        aria-expanded={found.length > 0 ? true : undefined} aria-controls={found.length > 0 ? id : undefined}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        placeholder={isElsewhere ? 'Answer the question above' : 'Write a message'}
        className="block max-h-60 w-full resize-none bg-transparent px-4 pt-3.5 pb-2 leading-6 outline-none placeholder:text-muted"
        onChange={(event) => { setDismissed(false); onText(event.target.value); }}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0) return;
          event.preventDefault();
          onFiles(files);
        }}
      />
    </>
  );
}

/** The field is as high as its text, up to a point. */
function useGrowth(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useEffect(() => {
    const it = area.current;
    if (!it) return;
    it.style.height = 'auto';
    it.style.height = `${Math.min(it.scrollHeight, 240)}px`;
  }, [area, text]);
}

/** The command and the modes that go with the next message. */
function useChoices() {
  const commands = useChat((state) => state.commands);
  const allModes = useChat((state) => state.modes);
  const [id, setId] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  useEffect(() => setId(commands.find((it) => it.selected)?.id ?? null), [commands]);
  const command = commands.find((it) => it.id === id) ?? null;
  const modes = Object.fromEntries(allModes.map((mode) => [mode.id, chosen[mode.id] ?? defaultOf(mode)]));
  return {
    commands,
    allModes,
    command,
    modes,
    setCommand: (next: Command | null) => setId(next?.id ?? null),
    setMode: (mode: string, option: string) => setChosen((all) => ({ ...all, [mode]: option })),
    /** Only some commands stay chosen. */
    sent: () => { if (!command?.persistent) setId(null); },
  };
}

function AttachButton({ attachments }: { attachments: Attachments }) {
  const rules = useApp(({ settings }) => settings?.features.spontaneous_file_upload);
  const input = useRef<HTMLInputElement>(null);
  if (!rules?.enabled) return null;
  return (
    <>
      <IconButton label="Attach files" side="top" onClick={() => input.current?.click()}><Paperclip size={18} /></IconButton>
      <input
        ref={input} type="file" multiple={rules.max_files > 1} accept={acceptText(rules)} className="hidden" tabIndex={-1} aria-hidden
        data-testid="file-input"
        onChange={(event) => {
          addFiles(attachments, [...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

function SettingsButton() {
  const hasWidgets = useChat((state) => state.widgets.length > 0);
  if (!hasWidgets) return null;
  return <IconButton label="Chat settings" side="top" onClick={() => app.set({ isSettingsOpen: true })}><Settings2 size={18} /></IconButton>;
}
