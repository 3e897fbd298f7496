import { useState } from 'react';

import type { Action, Json } from '../protocol';
import type { AskPanelProps } from './props';

export function AskAction({ ask, actions }: AskPanelProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const choices = actions.filter(({ id }) => ask.spec.keys?.includes(id) ?? true);
  const choose = (action: Action) => {
    setChosen(action.id);
    ask.answer(action as unknown as Json);
  };
  return (
    <div className="flex flex-wrap gap-2">
      {choices.map((action) => (
        <button
          key={action.id}
          type="button"
          disabled={chosen !== null}
          title={action.tooltip || undefined}
          onClick={() => choose(action)}
          className={`min-h-10 max-w-full rounded-xl border px-4 py-1.5 text-sm font-medium disabled:opacity-60 ${chosen === action.id ? 'border-accent bg-accent-soft' : 'border-line hover:border-accent hover:bg-accent-soft'}`}
        >
          {action.label || action.name}
        </button>
      ))}
    </div>
  );
}
