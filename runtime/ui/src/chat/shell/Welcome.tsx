import { useState } from 'react';

import { Button } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { say } from '../connection/chat';
import { Markdown } from '../markdown/Markdown';
import { Avatar } from '../messages/Avatar';
import { useApp, useProfile } from '../store/app';
import { useChat } from '../store/chat';
import type { Starter, StarterCategory } from '../types';
import { titleOf } from './BotPicker';

/** Before anything is said: who answers here, and how one may begin. */
export function Welcome() {
  const profile = useProfile();
  const settings = useApp((state) => state.settings);
  if (!settings) return null;
  const categories = settings.starterCategories;
  return (
    <div role="region" aria-label="Welcome" tabIndex={0} className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div className="mx-auto my-auto flex w-full max-w-2xl flex-col items-center gap-5 px-4 py-8">
        {profile ? <Avatar name={profile.name} icon={profile.icon} size={56} /> : null}
        <h2 className="text-center text-2xl font-semibold tracking-tight">{profile ? titleOf(profile) : settings.ui.name}</h2>
        {profile ? <Description text={profile.markdown_description} /> : <p className="text-muted">No bot is deployed yet.</p>}
        {categories.length > 0 ? <Categories categories={categories} /> : <Starters starters={settings.starters} />}
      </div>
    </div>
  );
}

function Description({ text }: { text: string }) {
  if (!text) return null;
  return <div className="w-full max-w-xl text-muted"><Markdown text={text} /></div>;
}

function Starters({ starters }: { starters: Starter[] }) {
  const isUp = useChat((state) => state.link === 'up' && !state.isWorking);
  if (starters.length === 0) return null;
  return (
    <ul aria-label="Starters" className="flex w-full flex-wrap justify-center gap-2">
      {starters.map((it) => (
        <li key={it.label}>
          <Button className="rounded-full px-4" disabled={!isUp} onClick={() => say(it.message, { command: it.command })}>
            {it.icon ? <Icon name={it.icon} /> : null}{it.label}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Categories({ categories }: { categories: StarterCategory[] }) {
  const [chosen, setChosen] = useState(categories[0]?.label);
  const category = categories.find((it) => it.label === chosen) ?? categories[0];
  return (
    <div className="flex w-full flex-col items-center gap-3">
      <div role="group" aria-label="Kinds of starters" className="flex flex-wrap justify-center gap-1">
        {categories.map((it) => (
          <Button
            key={it.label} kind="plain" aria-pressed={it === category} onClick={() => setChosen(it.label)}
            className={`rounded-full ${it === category ? 'bg-accent-soft text-accent' : 'text-muted'}`}
          >
            {it.icon ? <Icon name={it.icon} /> : null}{it.label}
          </Button>
        ))}
      </div>
      <Starters starters={category?.starters ?? []} />
    </div>
  );
}
