import { useEffect, useRef, useState } from 'react';

import { Button } from '../../shared/ui/Button';

interface MessageEditorProps {
  text: string;
  onSave(text: string): void;
  onCancel(): void;
}

/** A message of the user, to be written anew. */
export function MessageEditor({ text, onSave, onCancel }: MessageEditorProps) {
  const [draft, setDraft] = useState(text);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
  }, [text]);
  const save = () => draft.trim() && onSave(draft.trim());
  return (
    <form className="w-full max-w-[85%] rounded-2xl border border-line bg-raised p-2" onSubmit={(event) => { event.preventDefault(); save(); }}>
      <textarea
        ref={area} value={draft} rows={Math.min(10, draft.split('\n').length + 1)} aria-label="Edit the message"
        className="w-full resize-none bg-transparent px-2 py-1 outline-none"
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            save();
          }
        }}
      />
      <p className="px-2 pb-2 text-xs text-muted">What came after this message goes, and the bot answers again.</p>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button kind="accent" type="submit" disabled={!draft.trim()}>Send</Button>
      </div>
    </form>
  );
}
