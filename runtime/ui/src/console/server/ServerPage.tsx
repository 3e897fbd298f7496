import { ExternalLink } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { Chart } from '../charts/Chart';
import { useStats, type Sample } from '../store/stats';
import type { ServerStats } from '../api/types';
import { card, link } from '../ui/classes';
import { bytes, dateTime, number, span } from '../ui/format';
import { Loading, Page } from '../ui/Page';
import { ProblemNote } from '../ui/ProblemNote';

export function ServerPage() {
  const { samples, problem } = useStats();
  const server = samples.at(-1)?.server;
  return (
    <Page title="Server">
      {problem && <ProblemNote title="The numbers are not fresh" problem={problem} />}
      {server ? <Facts server={server} /> : !problem && <Loading what="the numbers" />}
      {server && <Charts samples={samples} />}
      <Links />
    </Page>
  );
}

function Facts({ server }: { server: ServerStats }) {
  return (
    <dl className={`${card} grid gap-x-6 sm:grid-cols-2 lg:grid-cols-3`}>
      <Fact label="Version">{server.version}</Fact>
      <Fact label="Up for"><time dateTime={server.started_at} title={`Since ${dateTime(server.started_at)}`}>{span(server.started_at)}</time></Fact>
      <Fact label="Resident memory">{bytes(server.resident_bytes)}</Fact>
      <Fact label="Conversations">{server.store === 'sqlite' ? 'kept in SQLite' : 'forgotten with their sessions'}</Fact>
      <Fact label="Sign-in">{server.sign_in ? 'on' : 'off: whoever reaches the server may chat'}</Fact>
      <Fact label="Turns">{`${number(server.turns_running)} running, at most ${number(server.turns_max)} at once`}</Fact>
      <Fact label="Sessions">{`${number(server.sessions)}, ${number(server.sessions_connected)} connected`}</Fact>
      <Fact label="Messages waiting">{number(server.mailbox_depth)}</Fact>
    </dl>
  );
}

function Fact(props: { label: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <dt className="text-xs text-muted">{props.label}</dt>
      <dd className="mt-0.5 font-medium tabular-nums">{props.children}</dd>
    </div>
  );
}

function Charts({ samples }: { samples: Sample[] }) {
  const times = useMemo(() => samples.map(({ at }) => at), [samples]);
  const series = useMemo(() => {
    const of = (label: string, colour: number, value: (server: ServerStats) => number) => ({ label, colour, points: samples.map(({ server }) => value(server)) });
    return {
      memory: [of('resident', 0, (server) => server.resident_bytes)],
      sessions: [of('sessions', 0, (server) => server.sessions), of('connected', 1, (server) => server.sessions_connected)],
      turns: [of('running', 0, (server) => server.turns_running), of('messages waiting', 1, (server) => server.mailbox_depth)],
    };
  }, [samples]);
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Chart title="Resident memory" times={times} series={series.memory} format={bytes} />
      <Chart title="Sessions" times={times} series={series.sessions} format={number} />
      <Chart title="Turns" times={times} series={series.turns} format={number} />
    </div>
  );
}

function Links() {
  const places = [
    ['/metrics', 'all counters, for Prometheus'],
    ['/healthz', 'is the process alive?'],
    ['/readyz', 'does it want traffic?'],
  ] as const;
  return (
    <section aria-label="For machines" className="space-y-2 text-sm">
      <h2 className="font-semibold">For machines</h2>
      <ul className="space-y-1">
        {places.map(([path, note]) => (
          <li key={path}>
            <a href={path} target="_blank" rel="noopener" className={`${link} font-mono`}>{path}<ExternalLink size={12} className="ml-1 inline" aria-label="(new tab)" /></a>
            <span className="ml-2 text-muted">{note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
