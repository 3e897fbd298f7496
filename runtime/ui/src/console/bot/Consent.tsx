import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { api, toProblem } from '../api/client';
import type { Bot, Problem, Version } from '../api/types';
import { isNothing, missing, NEEDS, union } from '../deploy/diff';
import { useBots } from '../store/bots';
import { button } from '../ui/classes';
import { Dialog } from '../ui/Dialog';
import { ProblemNote } from '../ui/ProblemNote';
import { List } from './VersionDialog';

interface Props {
  bot: Bot;
  version: Version;
  onDone?(): void;
}

export function ConsentDialog(props: Props & { onClose(): void }) {
  const { bot, version, onClose } = props;
  return (
    <Dialog title={`Version ${version.number} asks for more`} description={`It is held until ${bot.name} may have this`} onClose={onClose}>
      <Consent {...props} onDone={onClose} />
    </Dialog>
  );
}

/** What a held version asks for, and the buttons that grant it. */
export function Consent({ bot, version, onDone }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const lacking = missing(version.needs, bot.grants);

  const grant = async (isActivating: boolean) => {
    setBusy(true);
    try {
      let changed = await api.setGrants(bot.name, union(bot.grants, version.needs));
      if (isActivating && changed.active !== version.number) changed = await api.activate(bot.name, version.number);
      useBots.getState().accept(changed);
      toast.success(isActivating ? `Granted; version ${version.number} answers now.` : 'Granted.');
      onDone?.();
    } catch (error) {
      setProblem(toProblem(error));
    }
    setBusy(false);
  };

  return (
    <section aria-label="Consent" className="space-y-4 rounded-lg border border-warn/40 p-4 text-sm">
      <p className="flex gap-2 font-medium text-warn">
        <ShieldAlert size={18} className="shrink-0" aria-hidden />
        Version {version.number} is held: it asks for what nobody has granted.
      </p>
      {NEEDS.map(({ key, what }) => lacking[key].length > 0 && <List key={key} title={what} items={lacking[key]} />)}
      {isNothing(lacking) && <p className="text-muted">The server does not say for what; its log may.</p>}
      {problem && <ProblemNote problem={problem} />}
      <div className="flex flex-wrap gap-2">
        <button type="button" disabled={isBusy} onClick={() => void grant(true)} className={button('primary')}>Allow and activate</button>
        <button type="button" disabled={isBusy} onClick={() => void grant(false)} className={button('plain')}>Only allow</button>
      </div>
    </section>
  );
}
