import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { api, toProblem } from '../api/client';
import type { Bot, Version } from '../api/types';
import { useBots } from '../store/bots';
import { Badge } from '../ui/Badge';
import { button, card, td, th } from '../ui/classes';
import { CopyButton } from '../ui/CopyButton';
import { ago, bytes, dateTime, shortDigest } from '../ui/format';
import { ConsentDialog } from './Consent';
import { Swaps } from './Swaps';
import { VersionDialog } from './VersionDialog';

export function Versions({ bot }: { bot: Bot }) {
  const { isBusy, run } = useChange(bot.name);
  const [consenting, setConsenting] = useState<Version | null>(null);
  const [shown, setShown] = useState<Version | null>(null);
  const newestFirst = [...bot.versions].reverse();
  const activate = (version: Version) =>
    run(() => api.activate(bot.name, version.number), `Version ${version.number} answers now.`);
  const rollBack = () => run(() => api.rollback(bot.name), 'Rolled back.');
  return (
    <div className="space-y-8">
      <section aria-label="Versions" className="space-y-3">
        <div className={`${card} relative overflow-x-auto`}>
          <table className="w-full text-sm">
            <caption className="sr-only">Versions of {bot.name}, newest first</caption>
            <thead className="border-b border-line">
              <tr>
                {['Version', 'Digest', 'Size', 'Uploaded', 'Compiled in'].map((head) => <th key={head} scope="col" className={th}>{head}</th>)}
                <th scope="col" className={`${th} text-right`}><span className="sr-only">What to do</span></th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {newestFirst.map((version) => (
                <Row
                  key={version.number}
                  version={version}
                  isActive={version.number === bot.active}
                  isBusy={isBusy}
                  onShow={() => setShown(version)}
                  onActivate={() => void activate(version)}
                  onConsent={() => setConsenting(version)}
                />
              ))}
            </tbody>
          </table>
        </div>
        <button type="button" disabled={isBusy || bot.versions.length < 2} onClick={() => void rollBack()} className={button('plain')}>
          <Undo2 size={15} aria-hidden />
          Roll back
        </button>
      </section>
      <Swaps swaps={bot.swaps ?? []} />
      {consenting && <ConsentDialog bot={bot} version={consenting} onClose={() => setConsenting(null)} />}
      {shown && <VersionDialog bot={bot} version={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

interface RowProps {
  version: Version;
  isActive: boolean;
  isBusy: boolean;
  onShow(): void;
  onActivate(): void;
  onConsent(): void;
}

function Row({ version, isActive, isBusy, onShow, onActivate, onConsent }: RowProps) {
  const { number } = version;
  return (
    <tr>
      <th scope="row" className={`${td} text-left font-normal whitespace-nowrap`}>
        <button type="button" onClick={onShow} className="mr-2 rounded font-semibold hover:underline" aria-label={`v${number}: what it imports and exports`}>
          v{number}
        </button>
        {isActive && <Badge tone="accent">active</Badge>}
        {version.held && <Badge tone="warn" title="It needs more than is granted">held</Badge>}
      </th>
      <td className={td}><CopyButton text={version.digest} shown={shortDigest(version.digest)} label="digest" /></td>
      <td className={`${td} whitespace-nowrap`}>{bytes(version.size)}</td>
      <td className={`${td} whitespace-nowrap`}>
        <time dateTime={version.uploaded_at} title={dateTime(version.uploaded_at)}>{ago(version.uploaded_at)}</time>
        <span className="text-muted"> by {version.uploaded_by}</span>
      </td>
      <td className={`${td} whitespace-nowrap tabular-nums`}>{version.compile_ms > 0 ? `${version.compile_ms} ms` : '–'}</td>
      <td className={`${td} text-right`}>
        {version.held ? (
          <button type="button" onClick={onConsent} className={button('primary', 'small')} aria-label={`Consent to version ${number}`}>Consent…</button>
        ) : (
          !isActive && (
            <button type="button" disabled={isBusy} onClick={onActivate} className={button('plain', 'small')} aria-label={`Activate version ${number}`}>
              Activate
            </button>
          )
        )}
      </td>
    </tr>
  );
}

/** Does one change at a time, and says how it went. */
function useChange(name: string) {
  const [isBusy, setBusy] = useState(false);
  const run = async (change: () => Promise<Bot>, success: string) => {
    setBusy(true);
    try {
      useBots.getState().accept(await change());
      toast.success(success);
      await useBots.getState().load(name);
    } catch (error) {
      toast.error(toProblem(error).detail);
    }
    setBusy(false);
  };
  return { isBusy, run };
}
