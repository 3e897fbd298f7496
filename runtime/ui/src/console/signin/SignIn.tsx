import { useState, type FormEvent } from 'react';
import { api, toProblem } from '../api/client';
import type { Problem } from '../api/types';
import { Mark } from '../layout/Shell';
import { useToken } from '../store/token';
import { button, card, field, link } from '../ui/classes';
import { useTitle } from '../ui/Page';
import { ProblemNote } from '../ui/ProblemNote';

const unfit: Problem = {
  status: 0,
  code: 'bad-token',
  detail: 'A token is made of letters, digits and signs without spaces; this is none. Did something else get copied?',
};

export function SignIn() {
  useTitle('Sign in');
  const { notice, signIn } = useToken();
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const candidate = token.trim();
    // A header cannot hold anything else.
    if (!/^[\x21-\x7e]+$/.test(candidate)) return setProblem(unfit);
    setBusy(true);
    try {
      await api.try(candidate);
      signIn(candidate);
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };

  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-md">
        <div className="mb-6 flex items-center gap-2.5">
          <Mark />
          <h1 className="text-xl font-semibold tracking-tight">Chinwag console</h1>
        </div>
        <form onSubmit={(event) => void submit(event)} className={`${card} space-y-4 p-6`}>
          {notice && !problem && <p role="status" className="text-sm text-warn">{notice}</p>}
          {problem && <ProblemNote title={title(problem)} problem={problem} />}
          <div className="space-y-1.5">
            <label htmlFor="token" className="text-sm font-medium">Admin token</label>
            <input
              id="token"
              type="password"
              autoComplete="current-password"
              autoFocus
              required
              value={token}
              onChange={(event) => setToken(event.target.value)}
              aria-describedby="token-help"
              aria-invalid={problem?.status === 401 || undefined}
              className={`${field} w-full font-mono`}
            />
          </div>
          <button type="submit" disabled={isBusy || token.trim() === ''} className={`${button('primary')} w-full`}>
            {isBusy ? 'Asking the server…' : 'Sign in'}
          </button>
          <Whereabouts />
        </form>
        <p className="mt-4 text-sm"><a href="/" className={link}>Back to the chat</a></p>
      </div>
    </main>
  );
}

function title({ code, status }: Problem): string {
  if (code === 'wrong-token') return 'Wrong token';
  return status === 0 && code === 'unreachable' ? 'No answer' : 'That did not work';
}

function Whereabouts() {
  const code = 'rounded bg-sunken px-1 py-0.5 font-mono text-[0.8em] text-ink';
  return (
    <div id="token-help" className="space-y-1.5 border-t border-line pt-4 text-sm text-muted">
      <p className="font-medium text-ink">Where is it?</p>
      <p>
        It is what the server was started with as <code className={code}>CHINWAG_ADMIN_TOKEN</code>. Otherwise the server made
        one: the file <code className={code}>admin-token</code> in its data folder, by default{' '}
        <code className={code}>.chinwag/admin-token</code>.
      </p>
      <p>This tab keeps the token until it is closed.</p>
    </div>
  );
}
