import { MessageSquare, Trash2, Upload } from 'lucide-react';
import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import { Link, useParams } from 'react-router';
import { toProblem } from '../api/client';
import type { Bot, Problem } from '../api/types';
import { useDeploy } from '../deploy/store';
import { useBots } from '../store/bots';
import { usePoll } from '../store/poll';
import { Badge } from '../ui/Badge';
import { button } from '../ui/classes';
import { CopyButton } from '../ui/CopyButton';
import { bytes, plural, shortDigest } from '../ui/format';
import { Loading, Page } from '../ui/Page';
import { ProblemNote } from '../ui/ProblemNote';
import { Remove } from './Remove';
import { Versions } from './Versions';

const Activity = lazy(() => import('./Activity').then((module) => ({ default: module.Activity })));
const Log = lazy(() => import('./Log').then((module) => ({ default: module.Log })));
const LimitsForm = lazy(() => import('./LimitsForm').then((module) => ({ default: module.LimitsForm })));
const GrantsForm = lazy(() => import('./GrantsForm').then((module) => ({ default: module.GrantsForm })));

const tabs: { path: string; label: string; View: ComponentType<{ bot: Bot }> }[] = [
  { path: '', label: 'Versions', View: Versions },
  { path: 'activity', label: 'Activity', View: Activity },
  { path: 'log', label: 'Log', View: Log },
  { path: 'limits', label: 'Limits', View: LimitsForm },
  { path: 'grants', label: 'Grants', View: GrantsForm },
];

export function BotPage() {
  const { name = '', tab = '' } = useParams();
  const bot = useBots((store) => store.details[name]);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => setProblem(null), [name]);
  usePoll(async () => {
    try {
      await useBots.getState().load(name);
      setProblem(null);
    } catch (error) {
      setProblem(toProblem(error));
    }
  }, 3_000);
  if (!bot) {
    return <Page title={name}>{problem ? <ProblemNote problem={problem} /> : <Loading what="the bot" />}</Page>;
  }
  const { View } = tabs.find(({ path }) => path === tab) ?? { View: Versions };
  return (
    <Page title={titleOf(bot)} note={<Facts bot={bot} />} actions={<Actions bot={bot} />}>
      {problem && <ProblemNote title="What you see is not fresh" problem={problem} />}
      <Tabs bot={bot} chosen={tab} />
      <Suspense fallback={<Loading what="this part" />}>
        <View key={name} bot={bot} />
      </Suspense>
    </Page>
  );
}

function titleOf(bot: Bot): string {
  return bot.versions.find((version) => version.number === bot.active)?.profile.display_name ?? bot.name;
}

function Facts({ bot }: { bot: Bot }) {
  const active = bot.versions.find((version) => version.number === bot.active);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <span className="font-mono">{bot.name}</span>
      {active ? <Badge tone="accent">version {active.number} answers</Badge> : <Badge tone="warn">no version answers</Badge>}
      {active && <span>{bytes(active.size)}</span>}
      {active && <CopyButton text={active.digest} shown={shortDigest(active.digest)} label="digest" />}
      {bot.counters && (
        <span>
          {plural(bot.counters.turns, 'turn')}, {plural(bot.counters.turn_failures, 'failure')} since the server started
        </span>
      )}
    </div>
  );
}

function Actions({ bot }: { bot: Bot }) {
  const [isRemoving, setRemoving] = useState(false);
  return (
    <>
      <button type="button" onClick={() => useDeploy.getState().choose(bot.name)} className={button('plain')}>
        <Upload size={15} aria-hidden />
        New version
      </button>
      <a href="/" className={button('plain')}>
        <MessageSquare size={15} aria-hidden />
        Chat
      </a>
      <button type="button" onClick={() => setRemoving(true)} className={button('danger')}>
        <Trash2 size={15} aria-hidden />
        Remove…
      </button>
      {isRemoving && <Remove bot={bot} onClose={() => setRemoving(false)} />}
    </>
  );
}

function Tabs({ bot, chosen }: { bot: Bot; chosen: string }) {
  // Some servers grant nothing beyond what every bot has.
  const offered = tabs.filter(({ path }) => path !== 'grants' || bot.grants);
  return (
    <nav aria-label="Parts of the bot" className="-mx-4 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0">
      <ul className="flex gap-1">
        {offered.map(({ path, label }) => {
          const isHere = path === chosen;
          return (
            <li key={path}>
              <Link
                to={`/bots/${bot.name}${path && `/${path}`}`}
                aria-current={isHere ? 'page' : undefined}
                className={`-mb-px block border-b-2 px-3 py-2 text-sm -outline-offset-2 ${isHere ? 'border-accent font-medium text-accent' : 'border-transparent text-muted hover:text-ink'}`}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
