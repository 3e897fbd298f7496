import { useState } from 'react';
import { Link } from 'react-router';
import { api, toProblem } from '../api/client';
import type { Problem, Session, Sessions } from '../api/types';
import { usePoll } from '../store/poll';
import { Badge } from '../ui/Badge';
import { card, field, link, td, th } from '../ui/classes';
import { CopyButton } from '../ui/CopyButton';
import { ago, dateTime, plural } from '../ui/format';
import { Empty, Loading, Page } from '../ui/Page';
import { ProblemNote } from '../ui/ProblemNote';

type Which = 'all' | 'connected' | 'running' | 'away';

const choices: Record<Which, string> = { all: 'All sessions', connected: 'Connected', running: 'With a running turn', away: 'Without a client' };

export function SessionsPage() {
  const [answer, setAnswer] = useState<Sessions | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [words, setWords] = useState('');
  const [which, setWhich] = useState<Which>('all');
  usePoll(async () => {
    try {
      setAnswer(await api.sessions());
      setProblem(null);
    } catch (error) {
      setProblem(toProblem(error));
    }
  }, 3_000);
  const shown = answer?.sessions.filter((session) => fits(session, words, which)) ?? [];
  return (
    <Page title="Sessions" note={answer ? noteOf(answer) : ' '}>
      {problem && <ProblemNote title="The list is not fresh" problem={problem} />}
      <div className="flex flex-wrap gap-2">
        <input
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          placeholder="Filter by bot, user, thread or client"
          aria-label="Filter sessions"
          className={`${field} min-w-48 flex-1`}
        />
        <select value={which} onChange={(event) => setWhich(event.target.value as Which)} aria-label="Which sessions" className={field}>
          {Object.entries(choices).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </select>
      </div>
      {!answer && !problem && <Loading what="the sessions" />}
      {answer && shown.length === 0 && <Empty title="No such session">{answer.total === 0 ? 'Nobody is here right now.' : 'Other words may find some.'}</Empty>}
      {shown.length > 0 && <Table sessions={shown} />}
      <p role="status" className="sr-only">{answer ? `${plural(shown.length, 'session')} shown` : ''}</p>
    </Page>
  );
}

function Table({ sessions }: { sessions: Session[] }) {
  return (
    <div className={`${card} relative overflow-x-auto`}>
      <table className="w-full text-sm">
        <caption className="sr-only">Live sessions</caption>
        <thead className="border-b border-line">
          <tr>{['Bot', 'User', 'State', 'Client', 'Opened', 'Thread'].map((head) => <th key={head} scope="col" className={th}>{head}</th>)}</tr>
        </thead>
        <tbody className="divide-y divide-line">
          {sessions.map((session) => <Row key={session.id} session={session} />)}
        </tbody>
      </table>
    </div>
  );
}

function Row({ session }: { session: Session }) {
  return (
    <tr>
      <th scope="row" className={`${td} text-left font-normal whitespace-nowrap`}>
        <Link to={`/bots/${session.bot}`} className={link}>{session.bot}</Link>
        {session.version !== null && <span className="ml-1.5 text-xs text-muted">v{session.version}</span>}
      </th>
      <td className={td}>{session.user ?? <span className="text-muted">nobody signed in</span>}</td>
      <td className={`${td} space-x-1 whitespace-nowrap`}>
        {session.connected ? <Badge tone="accent">connected</Badge> : <Badge>away</Badge>}
        {session.running && <Badge tone="warn">turn runs</Badge>}
      </td>
      <td className={td}>{session.client}</td>
      <td className={`${td} whitespace-nowrap`}><time dateTime={session.opened_at} title={dateTime(session.opened_at)}>{ago(session.opened_at)}</time></td>
      <td className={td}><CopyButton text={session.thread_id} shown={session.thread_id.slice(0, 8)} label="thread" /></td>
    </tr>
  );
}

function fits(session: Session, words: string, which: Which): boolean {
  if (which === 'connected' && !session.connected) return false;
  if (which === 'away' && session.connected) return false;
  if (which === 'running' && !session.running) return false;
  const { bot, user, thread_id, client, id } = session;
  const text = [bot, user ?? '', thread_id, client, id].join(' ').toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function noteOf({ total, sessions }: Sessions): string {
  const listed = sessions.length < total ? `, of which ${sessions.length} are listed` : '';
  return `${plural(total, 'live session')}${listed}`;
}
