import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { toast } from 'sonner';
import { api, toProblem } from '../api/client';
import type { Bot, Problem } from '../api/types';
import { useBots } from '../store/bots';
import { button, field } from '../ui/classes';
import { Dialog } from '../ui/Dialog';
import { plural } from '../ui/format';
import { ProblemNote } from '../ui/ProblemNote';

/** Removing is for ever, so it takes typing the name. */
export function Remove(props: { bot: Bot; onClose(): void }) {
  const { name, versions } = props.bot;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const remove = async (event: FormEvent) => {
    event.preventDefault();
    if (typed !== name) return;
    setBusy(true);
    try {
      await api.remove(name);
      toast.success(`${name} is removed.`);
      void navigate('/');
      useBots.getState().forget(name);
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title={`Remove ${name}?`} description="This cannot be undone." onClose={props.onClose}>
      <form onSubmit={(event) => void remove(event)} className="space-y-4 text-sm">
        <p>
          The bot goes with {versions.length === 1 ? 'its one version' : `all its ${plural(versions.length, 'version')}`}, its log,
          limits and grants. Whoever chats with it gets no more answers.
        </p>
        {problem && <ProblemNote problem={problem} />}
        <div className="space-y-1.5">
          <label htmlFor="remove-name">Type <b className="font-mono">{name}</b> to confirm</label>
          <input
            id="remove-name"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className={`${field} w-full font-mono`}
          />
        </div>
        <div className="flex justify-end gap-2">
          <button type="button" onClick={props.onClose} className={button('plain')}>Keep it</button>
          <button type="submit" disabled={typed !== name || isBusy} className={button('danger')}>Remove for ever</button>
        </div>
      </form>
    </Dialog>
  );
}
