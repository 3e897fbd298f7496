import type { FormEvent } from 'react';
import { useBots } from '../store/bots';
import { button, field } from '../ui/classes';
import { nameFault } from './name';
import { useDeploy } from './store';

export function DeployForm() {
  const { name, file, isActivating, setName, setActivating, start, close } = useDeploy();
  const existing = useBots((store) => store.list?.find((bot) => bot.name === name));
  const fault = nameFault(name);
  const hint = existing
    ? `There is a bot ${name} with ${existing.version_count === 1 ? 'one version' : `${existing.version_count} versions`}: this becomes its next one.`
    : 'A new bot.';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!fault) void start();
  };
  return (
    <form onSubmit={submit} className="space-y-5">
      {file && !file.name.toLowerCase().endsWith('.wasm') && (
        <p role="status" className="text-sm text-warn">This is no .wasm file; the server will look whether it is a component all the same.</p>
      )}
      <div className="space-y-1.5">
        <label htmlFor="deploy-name" className="text-sm font-medium">Name of the bot</label>
        <input
          id="deploy-name"
          value={name}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          onChange={(event) => setName(event.target.value)}
          aria-invalid={fault !== null || undefined}
          aria-describedby="deploy-name-hint"
          className={`${field} w-full font-mono`}
        />
        <p id="deploy-name-hint" aria-live="polite" className={`min-h-10 text-sm ${fault ? 'text-bad' : 'text-muted'}`}>
          {fault ?? hint}
        </p>
      </div>
      <fieldset className="space-y-2">
        <legend className="mb-1.5 text-sm font-medium">Then</legend>
        <Choice
          label="Make it answer"
          note="The next message goes to it. Turns that run end on the version they began with."
          checked={isActivating}
          onChoose={() => setActivating(true)}
        />
        <Choice
          label="Only store it"
          note="Nothing changes for anybody until it is activated."
          checked={!isActivating}
          onChoose={() => setActivating(false)}
        />
      </fieldset>
      <div className="flex justify-end gap-2">
        <button type="button" onClick={close} className={button('plain')}>Cancel</button>
        <button type="submit" disabled={fault !== null} className={button('primary')}>
          {isActivating ? 'Deploy' : 'Store'}
        </button>
      </div>
    </form>
  );
}

function Choice(props: { label: string; note: string; checked: boolean; onChoose(): void }) {
  return (
    <label className="flex cursor-pointer gap-3 rounded-lg border border-line p-3 has-checked:border-accent has-checked:bg-accent-soft">
      <input type="radio" name="deploy-then" checked={props.checked} onChange={props.onChoose} className="mt-1 accent-(--accent)" />
      <span className="text-sm">
        <span className="block font-medium">{props.label}</span>
        <span className="text-muted">{props.note}</span>
      </span>
    </label>
  );
}
