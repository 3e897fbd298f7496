import * as Popover from '@radix-ui/react-popover';
import { Check, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';

import { Markdown } from '../markdown/Markdown';
import { words } from '../api';
import { Avatar } from '../messages/Avatar';
import { useApp, useProfile } from '../store/app';
import { useConfirm } from './confirm';
import type { Profile } from '../types';
import { useGoToBot } from './navigation';

export const titleOf = (profile: Profile) => profile.display_name || profile.name;

/** Which bot one talks to; with several, a way to another. */
export function BotPicker() {
  const profiles = useApp(({ settings }) => settings?.chatProfiles) ?? [];
  const name = useApp(({ settings }) => settings?.ui.name);
  const profile = useProfile();
  const [isOpen, setOpen] = useState(false);
  const confirm = useConfirm();
  const goTo = useGoToBot();
  if (!profile) return <h1 className="truncate px-2 text-sm font-semibold">{name}</h1>;
  const shown = (
    <>
      <Avatar name={profile.name} icon={profile.icon} size={24} />
      <span className="truncate">{titleOf(profile)}</span>
    </>
  );
  if (profiles.length < 2) return <h1 className="flex min-w-0 items-center gap-2 px-2 text-sm font-semibold">{shown}</h1>;
  const pick = async (next: Profile) => {
    setOpen(false);
    if (next.name === profile.name || !(await confirm())) return;
    await goTo(next.name).catch((error: unknown) => toast.error(words(error)));
  };
  return (
    <h1 className="flex min-w-0 text-sm font-semibold">
      <Popover.Root open={isOpen} onOpenChange={setOpen}>
        <Popover.Trigger className="flex h-9 min-w-0 cursor-pointer items-center gap-2 rounded-lg px-2 hover:bg-sunken" aria-label={`Bot: ${titleOf(profile)}`}>
          {shown}
          <ChevronDown size={14} aria-hidden className="shrink-0 text-muted" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content align="start" sideOffset={6} collisionPadding={8} aria-label="Bots" className="z-50 flex max-h-[75dvh] w-96 max-w-[calc(100vw-1rem)] flex-col gap-0.5 overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-lg">
            {profiles.map((it) => <BotRow key={it.name} profile={it} isChosen={it.name === profile.name} onPick={() => void pick(it)} />)}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </h1>
  );
}

function BotRow({ profile, isChosen, onPick }: { profile: Profile; isChosen: boolean; onPick(): void }) {
  const starters = profile.starters ?? [];
  return (
    <div className={`relative rounded-lg p-2.5 ${isChosen ? 'bg-accent-soft' : 'hover:bg-sunken'}`}>
      <button type="button" aria-current={isChosen} onClick={onPick} className="flex w-full cursor-pointer items-center gap-2.5 text-left text-sm font-semibold after:absolute after:inset-0">
        <Avatar name={profile.name} icon={profile.icon} />
        <span className="min-w-0 flex-1 truncate">{titleOf(profile)}</span>
        {isChosen ? <Check size={16} className="text-accent" aria-hidden /> : null}
      </button>
      {profile.markdown_description
        ? <div className="mt-1 line-clamp-3 pl-[2.4rem] text-xs text-muted [&_*]:text-xs"><Markdown text={profile.markdown_description} /></div> : null}
      {starters.length > 0 ? <p className="mt-1 truncate pl-[2.4rem] text-xs text-muted">Try: {starters.map((it) => it.label).join(' · ')}</p> : null}
    </div>
  );
}
