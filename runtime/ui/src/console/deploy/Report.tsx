import { Check } from 'lucide-react';
import { Link } from 'react-router';
import { Consent } from '../bot/Consent';
import { SwapLine } from '../bot/SwapLine';
import { useBots } from '../store/bots';
import { usePoll } from '../store/poll';
import { button } from '../ui/classes';
import { CopyButton } from '../ui/CopyButton';
import { bytes, shortDigest } from '../ui/format';
import { changes, type Change } from './diff';
import { useDeploy } from './store';

/** What became of the upload: what is new in it, and how the swap went. */
export function Report() {
  const { uploaded, before, swappedAt, name, close } = useDeploy();
  const bot = useBots((store) => store.details[name]);
  const version = bot?.versions.find((one) => one.number === uploaded?.version);
  const latest = bot?.swaps?.[0];
  const swap = latest && latest.to === uploaded?.version && latest.at !== swappedAt ? latest : undefined;
  const isOver = !uploaded?.active || (swap ? swap.retired_ms !== null : before?.number === uploaded.version);
  usePoll(async () => void (isOver || (await useBots.getState().load(name))), 1_000);
  if (!uploaded) return null;
  const isKnown = uploaded.created === false || before?.number === uploaded.version;
  return (
    <div className="space-y-5 text-sm">
      <p className="flex gap-2" role="status">
        <Check size={18} className="shrink-0 text-good" aria-hidden />
        <span>
          {isKnown
            ? `The server has this very component already, as version ${uploaded.version}.`
            : `${bytes(uploaded.size)}, ${uploaded.compile_ms > 0 ? `compiled in ${uploaded.compile_ms} ms` : 'compiled before'}, `}
          {!isKnown && <CopyButton text={uploaded.digest} shown={shortDigest(uploaded.digest)} label="digest" />}
        </span>
      </p>
      {bot && version?.held && <Consent bot={bot} version={version} />}
      {swap && uploaded.active && (
        <section aria-label="Swap">
          <h3 className="mb-1 font-medium">The swap</h3>
          <SwapLine swap={swap} />
        </section>
      )}
      {version && !isKnown && <Differences list={changes(before, version)} before={before?.number} />}
      <div className="flex justify-end gap-2">
        <button type="button" onClick={close} className={button('plain')}>Close</button>
        <Link to={`/bots/${name}`} onClick={close} className={button('primary')}>See the bot</Link>
      </div>
    </div>
  );
}

function Differences(props: { list: Change[]; before?: number }) {
  const { list, before } = props;
  const title = before === undefined ? 'What it asks for and offers' : `What changed since version ${before}`;
  return (
    <section aria-label={title} className="space-y-3">
      <h3 className="font-medium">{title}</h3>
      {list.length === 0 && <p className="text-muted">It asks for and offers the same.</p>}
      {list.map((change) => (
        <details key={change.what} open={change.added.length + change.removed.length <= 12} className="rounded-lg border border-line">
          <summary className="cursor-pointer px-3 py-2">
            {change.what}
            <span className="ml-2 text-muted">
              {change.added.length > 0 && `${change.added.length} new`}
              {change.added.length > 0 && change.removed.length > 0 && ', '}
              {change.removed.length > 0 && `${change.removed.length} gone`}
            </span>
          </summary>
          <ul className="space-y-0.5 border-t border-line px-3 py-2 font-mono text-xs break-all">
            {change.added.map((item) => <Item key={item} sign="+" word="new" item={item} look="text-good" />)}
            {change.removed.map((item) => <Item key={item} sign="−" word="gone" item={item} look="text-bad" />)}
          </ul>
        </details>
      ))}
    </section>
  );
}

function Item(props: { sign: string; word: string; item: string; look: string }) {
  return (
    <li>
      <span aria-hidden className={`mr-2 ${props.look}`}>{props.sign}</span>
      <span className="sr-only">{props.word}: </span>
      {props.item}
    </li>
  );
}
