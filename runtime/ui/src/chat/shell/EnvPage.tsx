import { useNavigate } from 'react-router';

import { Button } from '../../shared/ui/Button';
import { start } from '../connection/boot';
import { setUserEnv, userEnv } from '../connection/tab';
import { useApp } from '../store/app';

/** Keys that the bot needs; they stay in this browser and go along with each conversation. */
export default function EnvPage() {
  const settings = useApp((state) => state.settings);
  const navigate = useNavigate();
  if (!settings) return null;
  const kept = userEnv();
  const save = async (form: FormData) => {
    setUserEnv(Object.fromEntries(settings.userEnv.map((key) => [key, String(form.get(key) ?? '')])));
    await navigate('/', { replace: true });
    await start();
  };
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <form
        className="flex w-full max-w-md flex-col gap-4 rounded-2xl border border-line bg-raised p-7 shadow-sm"
        onSubmit={(event) => { event.preventDefault(); void save(new FormData(event.currentTarget)); }}
      >
        <h1 className="text-xl font-semibold">Your keys</h1>
        <p className="text-sm text-muted">This bot works with keys of yours. They are kept in this browser and sent only to this server.</p>
        {settings.userEnv.map((key) => (
          <label key={key} className="flex flex-col gap-1 text-sm font-medium">
            {key}
            <input
              name={key} required defaultValue={kept[key] ?? ''} type={settings.maskUserEnv ? 'password' : 'text'} autoComplete="off" spellCheck={false}
              className="h-10 rounded-lg border border-line bg-page px-3 font-mono"
            />
          </label>
        ))}
        <Button kind="accent" type="submit" className="min-h-10">Save</Button>
      </form>
    </main>
  );
}
