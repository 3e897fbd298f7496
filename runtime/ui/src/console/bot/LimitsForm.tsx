import { useState, type FormEvent } from 'react';
import { toast } from 'sonner';
import { api, toProblem } from '../api/client';
import type { Bot, Limits, Problem } from '../api/types';
import { useBots } from '../store/bots';
import { button, card } from '../ui/classes';
import { ProblemNote } from '../ui/ProblemNote';
import { LimitField } from './LimitField';
import { fault, SPECS, valueOf, written, type LimitSpec, type Written } from './limits';

type Draft = Record<string, Written>;

/** What this bot may use. Only what differs from the server's defaults is set. */
export function LimitsForm({ bot }: { bot: Bot }) {
  const specs = specsOf(bot);
  const [draft, setDraft] = useState(() => draftOf(bot.limits_set ?? {}, specs));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isFaulty = Object.values(draft).some((limit) => fault(limit) !== null);

  const save = async (limits: Limits, success: string) => {
    setBusy(true);
    setProblem(null);
    try {
      const changed = await api.setLimits(bot.name, limits);
      useBots.getState().accept(changed);
      setDraft(draftOf(changed.limits_set ?? limits, specs));
      toast.success(success);
    } catch (error) {
      setProblem(toProblem(error));
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isFaulty) void save(limitsOf(draft, specs), 'The next turns have these limits.');
  };
  const change = (key: string, limit: Written | null) =>
    setDraft(({ [key]: _, ...others }) => (limit ? { ...others, [key]: limit } : others));

  return (
    <form onSubmit={submit} className="space-y-4" aria-label="Limits">
      <p className="text-sm text-muted">Turns that begin from now on have these limits. What is not set is as the server’s settings say.</p>
      {problem && <ProblemNote title="Not saved" problem={problem} />}
      <ul className={`${card} divide-y divide-line`}>
        {specs.map((spec) => (
          <LimitField
            key={spec.key}
            spec={spec}
            effective={bot.limits?.[spec.key]}
            standard={bot.limits_default?.[spec.key]}
            value={draft[spec.key]}
            onChange={(limit) => change(spec.key, limit)}
          />
        ))}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" disabled={isBusy} onClick={() => void save({}, 'All limits are the server’s again.')} className={button('plain')}>
          Reset all
        </button>
        <button type="submit" disabled={isBusy || isFaulty} className={button('primary')}>Save limits</button>
      </div>
    </form>
  );
}

/** The limits that this page knows, and those of a newer server. */
function specsOf(bot: Bot): LimitSpec[] {
  const known = new Set(SPECS.map(({ key }) => key));
  const others = Object.keys(bot.limits ?? {}).filter((key) => !known.has(key));
  return [...SPECS, ...others.map((key): LimitSpec => ({ key, label: key.replaceAll('_', ' '), note: '', kind: kindOf(bot.limits?.[key]) }))];
}

function kindOf(value: unknown): LimitSpec['kind'] {
  if (typeof value === 'number') return 'count';
  return /B$|bytes$/.test(String(value)) ? 'size' : 'time';
}

function draftOf(limits: Limits, specs: LimitSpec[]): Draft {
  const set = specs.flatMap(({ key, kind }) => {
    const value = limits[key];
    return value === undefined ? [] : [[key, written(value, kind)] as const];
  });
  return Object.fromEntries(set);
}

function limitsOf(draft: Draft, specs: LimitSpec[]): Limits {
  const set = specs.flatMap(({ key, kind }) => {
    const limit = draft[key];
    return limit ? [[key, valueOf(limit, kind)] as const] : [];
  });
  return Object.fromEntries(set);
}
