import { CircleAlert, LoaderCircle } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { useSearchParams } from 'react-router';

import { Button } from '../../shared/ui/Button';
import { api, ApiError, words } from '../api';
import { boot } from '../connection/boot';
import { useApp } from '../store/app';

const ERRORS: Record<string, string> = {
  credentialssignin: 'The user name or the password is wrong.',
  oauthSignin: 'Signing in at the provider did not work. Try again.',
  default: 'Signing in did not work. Try again.',
};

const inWords = (code: string) => ERRORS[code] ?? ERRORS.default!;

export default function LoginPage() {
  const auth = useApp((state) => state.auth);
  const [query] = useSearchParams();
  const code = query.get('error');
  const [problem, setProblem] = useState(code ? inWords(code) : null);

  useEffect(() => {
    if (!auth?.headerAuth || code) return;
    api.loginByHeader().then(() => boot(), (error: unknown) => setProblem(said(error)));
  }, [auth, code]);

  if (!auth) return null;
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <div className="flex w-full max-w-sm flex-col gap-5 rounded-2xl border border-line bg-raised p-7 shadow-sm">
        <img src="/favicon" alt="" width={40} height={40} className="mx-auto" />
        <h1 className="text-center text-xl font-semibold">Sign in</h1>
        {problem ? (
          <p role="alert" className="flex items-center gap-2 rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad"><CircleAlert size={16} className="shrink-0" aria-hidden />{problem}</p>
        ) : null}
        {auth.passwordAuth ? <PasswordForm onProblem={setProblem} /> : null}
        {auth.passwordAuth && auth.oauthProviders.length > 0 ? <p className="text-center text-xs text-muted">or</p> : null}
        {auth.oauthProviders.map((provider) => (
          <Button key={provider} className="min-h-10" onClick={() => window.location.assign(`/auth/oauth/${encodeURIComponent(provider)}`)}>
            Continue with {provider.charAt(0).toUpperCase() + provider.slice(1)}
          </Button>
        ))}
      </div>
    </main>
  );
}

function said(error: unknown): string {
  return error instanceof ApiError && error.status === 401 ? inWords(error.message) : words(error);
}

function PasswordForm({ onProblem }: { onProblem(problem: string | null): void }) {
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    onProblem(null);
    try {
      await api.login(String(form.get('username')), String(form.get('password')));
      await boot();
    } catch (error) {
      onProblem(said(error));
      setBusy(false);
    }
  };
  const field = 'h-10 w-full rounded-lg border border-line bg-page px-3';
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
      <label className="flex flex-col gap-1 text-sm font-medium">User name<input name="username" autoComplete="username" required autoFocus className={field} /></label>
      <label className="flex flex-col gap-1 text-sm font-medium">Password<input name="password" type="password" autoComplete="current-password" required className={field} /></label>
      <Button kind="accent" type="submit" disabled={isBusy} className="mt-1 min-h-10">
        {isBusy ? <LoaderCircle size={16} className="animate-spin" aria-hidden /> : null}Sign in
      </Button>
    </form>
  );
}
