import * as Dialog from '@radix-ui/react-dialog';
import * as Tabs from '@radix-ui/react-tabs';
import { RotateCcw, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';

import type { Dict, Json, Widget } from '../protocol';
import { Field } from './Field';
import type { SettingsDialogProps } from './SettingsDialog';
import { cleaned, currentValues, initialValues, isTabbed, problemOf, widgetsOf } from './values';

const BUTTON = 'inline-flex min-h-10 items-center justify-center gap-2 rounded-xl px-4 text-sm font-medium';

export default function SettingsPanel(props: SettingsDialogProps) {
  const { open, onOpenChange } = props;
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          id="chat-settings"
          aria-describedby={undefined}
          className="fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col rounded-t-2xl border border-line bg-raised shadow-xl outline-none sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:max-h-[85dvh] sm:w-[34rem] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl"
        >
          <header className="flex items-center justify-between border-b border-line py-2.5 pr-2.5 pl-5">
            <Dialog.Title className="font-semibold">Settings</Dialog.Title>
            <Dialog.Close aria-label="Close" className="grid size-9 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink">
              <X aria-hidden className="size-4.5" />
            </Dialog.Close>
          </header>
          <SettingsForm {...props} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SettingsForm({ widgets, values: given, onEdit, onSave, onOpenChange }: SettingsDialogProps) {
  const all = widgetsOf(widgets);
  const [values, setValues] = useState(() => currentValues(all, given));
  const [tab, setTab] = useState(widgets[0]?.id ?? '');
  const [isTried, setTried] = useState(false);

  const replace = (next: Dict) => {
    setValues(next);
    // Half a number or half a range of days is nothing that the bot should hear of.
    if (all.every((widget) => problemOf(widget, next[widget.id]) === null)) onEdit?.(cleaned(next));
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const wrong = all.find((widget) => problemOf(widget, values[widget.id]) !== null);
    if (!wrong) {
      onSave(cleaned(values));
      onOpenChange(false);
      return;
    }
    if (isTabbed(widgets)) setTab(widgets.find(({ inputs }) => inputs.includes(wrong))?.id ?? tab);
    requestAnimationFrame(() => document.getElementById(wrong.id)?.focus());
  };
  const fields = (list: Widget[]) => (
    <Fields list={list} values={values} areProblemsShown={isTried} onChange={(id, value) => replace({ ...values, [id]: value })} />
  );
  return (
    <form onSubmit={save} noValidate className="flex min-h-0 flex-1 flex-col">
      {isTabbed(widgets) ? (
        <Tabs.Root value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
          <Tabs.List aria-label="Groups of settings" className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-3">
            {widgets.map(({ id, label }) => (
              <Tabs.Trigger key={id} value={id} className="-mb-px min-h-11 border-b-2 border-transparent px-3 text-sm whitespace-nowrap text-muted hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink">
                {label}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {widgets.map(({ id, inputs }) => (
            <Tabs.Content key={id} value={id} tabIndex={-1} className="min-h-0 overflow-y-auto outline-none">{fields(inputs)}</Tabs.Content>
          ))}
        </Tabs.Root>
      ) : <div className="min-h-0 overflow-y-auto">{fields(all)}</div>}
      <footer className="flex items-center gap-2 border-t border-line px-5 py-3">
        <button type="button" onClick={() => replace(initialValues(all))} className={`${BUTTON} -ml-3 text-muted hover:bg-sunken hover:text-ink`}>
          <RotateCcw aria-hidden className="size-4" /> Reset
        </button>
        <span className="flex-1" />
        <button type="button" onClick={() => onOpenChange(false)} className={`${BUTTON} border border-line hover:bg-sunken`}>Cancel</button>
        <button type="submit" id="confirm" className={`${BUTTON} bg-accent text-on-accent hover:opacity-90`}>Save</button>
      </footer>
    </form>
  );
}

interface FieldsProps {
  list: Widget[];
  values: Dict;
  areProblemsShown: boolean;
  onChange(id: string, value: Json): void;
}

function Fields({ list, values, areProblemsShown, onChange }: FieldsProps) {
  return (
    <div className="flex flex-col gap-5 px-5 py-5">
      {list.map((widget) => {
        const value = values[widget.id] ?? null;
        const problem = areProblemsShown ? problemOf(widget, value) : null;
        return <Field key={widget.id} widget={widget} value={value} problem={problem} onChange={(next) => onChange(widget.id, next)} />;
      })}
    </div>
  );
}
