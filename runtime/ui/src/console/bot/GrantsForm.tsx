import { useState, type FormEvent } from 'react';
import { toast } from 'sonner';
import { api, toProblem } from '../api/client';
import type { Bot, Grants, Problem } from '../api/types';
import { missing, NO_GRANTS } from '../deploy/diff';
import { useBots } from '../store/bots';
import { button, card } from '../ui/classes';
import { ProblemNote } from '../ui/ProblemNote';
import { TagField } from './TagField';

const parts: { key: keyof Grants; label: string; note: string; example: string }[] = [
  { key: 'imports', label: 'Interfaces', note: 'What reads the words and files of users: chinwag:bot/files, chinwag:bot/history', example: 'chinwag:bot/files' },
  { key: 'hosts', label: 'Hosts', note: 'Where it may send requests; addresses inside are granted by their numbers alone', example: 'api.example.com' },
  { key: 'secrets', label: 'Secrets', note: 'What the host puts into its requests, from [secrets] in the settings; the bot never sees them', example: 'openai' },
  { key: 'models', label: 'Models', note: 'Models of [models] in the settings that it may ask', example: 'small' },
];

/** What this bot may have beyond what every bot has. */
export function GrantsForm({ bot }: { bot: Bot }) {
  const [draft, setDraft] = useState(bot.grants ?? NO_GRANTS);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const changed = await api.setGrants(bot.name, draft);
      useBots.getState().accept(changed);
      setDraft(changed.grants ?? draft);
      toast.success('The grants are saved.');
    } catch (error) {
      setProblem(toProblem(error));
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4" aria-label="Grants">
      <p className="text-sm text-muted">A version that needs more than this is held: it is stored, but cannot answer.</p>
      {problem && <ProblemNote title="Not saved" problem={problem} />}
      <ul className={`${card} divide-y divide-line`}>
        {parts.map(({ key, ...texts }) => (
          <TagField
            key={key}
            {...texts}
            items={draft[key]}
            suggestions={wanted(bot, draft, key)}
            onChange={(items) => setDraft({ ...draft, [key]: items })}
          />
        ))}
      </ul>
      <div className="flex justify-end">
        <button type="submit" disabled={isBusy} className={button('primary')}>Save grants</button>
      </div>
    </form>
  );
}

/** What versions need that the draft does not grant, and which ones. */
function wanted(bot: Bot, draft: Grants, key: keyof Grants): { item: string; by: number[] }[] {
  const by = new Map<string, number[]>();
  for (const version of bot.versions) {
    for (const item of missing(version.needs, draft)[key]) by.set(item, [...(by.get(item) ?? []), version.number]);
  }
  return [...by].map(([item, versions]) => ({ item, by: versions }));
}
