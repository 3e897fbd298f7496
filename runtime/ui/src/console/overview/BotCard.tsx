import { useMemo } from 'react';
import { Link } from 'react-router';
import type { BotSummary } from '../api/types';
import { Sparkline } from '../charts/Sparkline';
import { botRate } from '../store/derive';
import { useStats } from '../store/stats';
import { Badge } from '../ui/Badge';
import { card } from '../ui/classes';
import { CopyButton } from '../ui/CopyButton';
import { ago, bytes, dateTime, number, plural, shortDigest } from '../ui/format';

export function BotCard({ bot }: { bot: BotSummary }) {
  return (
    <li className={`${card} relative flex flex-col gap-3 p-4 transition-colors hover:border-accent`}>
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 leading-tight">
          {/* Stretched over the card, so that all of it is the link. */}
          <Link to={`/bots/${bot.name}`} className="font-semibold break-words after:absolute after:inset-0 after:rounded-xl">
            {bot.display_name ?? bot.name}
          </Link>
          <span className="mt-0.5 block truncate font-mono text-xs font-normal text-muted">{bot.name}</span>
        </h2>
        {bot.active === null ? <Badge tone="warn">staged</Badge> : <Badge tone="accent">v{bot.active}</Badge>}
        {bot.held > 0 && <Badge tone="warn">{plural(bot.held, 'version')} held</Badge>}
      </div>
      <Rate bot={bot.name} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
        {bot.size !== null && <span>{bytes(bot.size)}</span>}
        {bot.digest !== null && (
          <span className="relative z-10"><CopyButton text={bot.digest} shown={shortDigest(bot.digest)} label="digest" /></span>
        )}
        <span>{plural(bot.version_count, 'version')}</span>
      </div>
      <p className="text-xs text-muted">
        {bot.uploaded_at === null ? 'No version answers yet' : (
          <>
            Uploaded <time dateTime={bot.uploaded_at} title={dateTime(bot.uploaded_at)}>{ago(bot.uploaded_at)}</time>
            {bot.uploaded_by && ` by ${bot.uploaded_by}`}
          </>
        )}
      </p>
    </li>
  );
}

function Rate({ bot }: { bot: string }) {
  const samples = useStats((store) => store.samples);
  const points = useMemo(() => botRate(samples, bot), [samples, bot]);
  const now = points.at(-1);
  return (
    <div className="flex items-end gap-3">
      <div className="min-w-0 flex-1"><Sparkline points={points} label={`Turns a second of ${bot}`} /></div>
      <p className="w-20 text-right text-xs text-muted tabular-nums">
        {now === null || now === undefined ? '–' : number(now)} turns/s
      </p>
    </div>
  );
}
