import { Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import { useDeploy } from '../deploy/store';
import { useBots } from '../store/bots';
import { usePoll } from '../store/poll';
import { useStats } from '../store/stats';
import { button, card } from '../ui/classes';
import { number, plural } from '../ui/format';
import { Empty, Loading, Page } from '../ui/Page';
import { ProblemNote } from '../ui/ProblemNote';
import { BotCard } from './BotCard';

export function Overview() {
  const { list, problem } = useBots();
  usePoll(useBots.getState().loadList, 5_000);
  return (
    <Page title="Bots" note={list ? plural(list.length, 'bot') : ' '}>
      {problem && <ProblemNote title="The list is not fresh" problem={problem} />}
      <Totals />
      {!list && !problem && <Loading what="the bots" />}
      {list?.length === 0 && <Nobody />}
      {list && list.length > 0 && (
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3" aria-label="Bots">
          {list.map((bot) => <BotCard key={bot.name} bot={bot} />)}
        </ul>
      )}
      {list && list.length > 0 && (
        <p className="text-sm text-muted">Drop a .wasm file anywhere on this page to deploy it.</p>
      )}
    </Page>
  );
}

function Nobody() {
  return (
    <Empty title="No bot is deployed yet">
      <p>Drop a component (a .wasm file) anywhere on this page, or choose one.</p>
      <button type="button" onClick={() => useDeploy.getState().choose()} className={`${button('primary')} mt-4`}>
        <Upload size={16} aria-hidden />
        Choose a file
      </button>
    </Empty>
  );
}

function Totals() {
  const server = useStats((store) => store.samples.at(-1)?.server);
  return (
    <dl className={`${card} grid grid-cols-2 divide-line sm:grid-cols-4 sm:divide-x`}>
      <Total label="Sessions">{server && number(server.sessions)}</Total>
      <Total label="Connected">{server && number(server.sessions_connected)}</Total>
      <Total label="Turns running">{server && `${number(server.turns_running)} of ${number(server.turns_max)}`}</Total>
      <Total label="Messages waiting">{server && number(server.mailbox_depth)}</Total>
    </dl>
  );
}

function Total(props: { label: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <dt className="text-xs text-muted">{props.label}</dt>
      <dd className="mt-0.5 text-lg font-semibold tabular-nums">{props.children ?? '–'}</dd>
    </div>
  );
}
