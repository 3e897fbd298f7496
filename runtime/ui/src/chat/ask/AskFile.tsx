import { CircleCheck, FileUp } from 'lucide-react';
import { useState, type DragEvent } from 'react';

import { fileSize } from '../elements/format';
import { acceptList, acceptWords } from './accept';
import type { AskPanelProps } from './props';
import { useAskFiles, type Sending } from './useAskFiles';

/** Files for the bot: what is chosen is sent at once. */
export function AskFile(props: AskPanelProps) {
  const { spec } = props.ask;
  const { sendings, trouble, isBusy, send } = useAskFiles(props);
  const [isOver, setOver] = useState(false);
  const list = acceptList(spec.accept);
  const most = spec.max_files ?? 1;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!isBusy) void send([...event.dataTransfer.files]);
  };
  return (
    <div className="flex flex-col gap-2.5">
      <label
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={`flex cursor-pointer items-center gap-3 rounded-xl border border-dashed px-4 py-3.5 text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:cursor-default has-disabled:opacity-60 ${isOver ? 'border-accent bg-accent-soft' : 'border-line hover:border-accent'}`}
      >
        <FileUp aria-hidden className="size-6 shrink-0 text-accent" />
        <span className="min-w-0">
          <span className="block font-medium">{most === 1 ? 'Choose a file' : `Choose up to ${most} files`}<span className="hidden sm:inline"> or drop {most === 1 ? 'it' : 'them'} here</span></span>
          <span className="block text-xs text-muted">{limitWords(acceptWords(list), spec.max_size_mb)}</span>
        </span>
        <input
          id="ask-button-input"
          type="file"
          className="sr-only"
          accept={list.join(',') || undefined}
          multiple={most > 1}
          disabled={isBusy}
          onChange={(event) => {
            void send([...(event.target.files ?? [])]);
            // Choosing the same file again is a change too.
            event.target.value = '';
          }}
        />
      </label>
      {trouble && <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">{trouble}</p>}
      {sendings.length > 0 && <ul className="flex flex-col gap-2">{sendings.map((sending) => <SendingRow key={sending.key} sending={sending} />)}</ul>}
    </div>
  );
}

function limitWords(kinds: string, megabytes: number | undefined): string {
  const sentence = kinds.charAt(0).toUpperCase() + kinds.slice(1);
  return megabytes === undefined ? sentence : `${sentence}, at most ${megabytes.toLocaleString()} MB each`;
}

function SendingRow({ sending: { name, size, share } }: { sending: Sending }) {
  const percent = Math.round(share * 100);
  return (
    <li className="text-sm">
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate">{name}</span>
        <span className="text-xs text-muted tabular-nums">{fileSize(size)}</span>
        {share >= 1 && <CircleCheck role="img" aria-label="Sent" className="size-4 text-good" />}
      </span>
      <span role="progressbar" aria-label={`Sending ${name}`} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} className="mt-1 block h-1 overflow-hidden rounded-full bg-line">
        <span className="block h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
      </span>
    </li>
  );
}
