import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';

import { Button, IconButton } from '../../shared/ui/Button';
import { Dialog } from '../../shared/ui/Dialog';
import { judge } from '../connection/chat';
import type { Step } from '../protocol';

/** What the user thinks of an answer, in one click and, if they like, in words. */
export function Thumbs({ run }: { run: Step }) {
  const [asked, setAsked] = useState<0 | 1 | null>(null);
  const given = run.feedback?.value;
  const click = (value: 0 | 1) => {
    if (given === value) void say(null);
    else setAsked(value);
  };
  const say = async (value: 0 | 1 | null, comment?: string) => {
    setAsked(null);
    const problem = await judge(run.id, value, comment);
    if (problem) toast.error(problem);
    else toast.success(value === null ? 'Feedback taken back' : 'Thanks for your feedback');
  };
  return (
    <>
      <IconButton small label={given === 1 ? 'Take back: helpful' : 'Helpful'} aria-pressed={given === 1} onClick={() => click(1)}>
        <ThumbsUp size={15} className={given === 1 ? 'fill-current text-accent' : ''} />
      </IconButton>
      <IconButton small label={given === 0 ? 'Take back: not helpful' : 'Not helpful'} aria-pressed={given === 0} onClick={() => click(0)}>
        <ThumbsDown size={15} className={given === 0 ? 'fill-current text-accent' : ''} />
      </IconButton>
      <CommentDialog value={asked} onClose={() => setAsked(null)} onSend={(value, comment) => void say(value, comment)} />
    </>
  );
}

interface CommentDialogProps {
  value: 0 | 1 | null;
  onClose(): void;
  onSend(value: 0 | 1, comment: string): void;
}

function CommentDialog({ value, onClose, onSend }: CommentDialogProps) {
  const [comment, setComment] = useState('');
  return (
    <Dialog open={value !== null} onOpenChange={(open) => !open && onClose()} title={value === 1 ? 'What was helpful?' : 'What was wrong?'}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (value !== null) onSend(value, comment.trim());
          setComment('');
        }}
      >
        <textarea
          value={comment} onChange={(event) => setComment(event.target.value)} rows={4} autoFocus maxLength={10_000} aria-label="Comment"
          placeholder="A comment, if you like" className="w-full resize-y rounded-lg border border-line bg-page px-3 py-2 text-sm"
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="accent" type="submit">Send</Button>
        </div>
      </form>
    </Dialog>
  );
}
