import * as Dialog from '@radix-ui/react-dialog';
import { Download, ImageOff, X } from 'lucide-react';
import { useState } from 'react';

import { addressOf, downloadProps } from './address';
import { maxWidthOf, type ViewProps } from './view';

export function ImageView(props: ViewProps) {
  const { element, sessionId } = props;
  const [isBroken, setBroken] = useState(false);
  const address = addressOf(element, sessionId);
  if (address === null || isBroken) return <Missing name={element.name} />;
  return (
    <Dialog.Root>
      <Dialog.Trigger
        aria-label={`Enlarge ${element.name}`}
        className="block max-w-full cursor-zoom-in overflow-hidden rounded-xl border border-line bg-sunken"
        style={{ maxWidth: `min(100%, ${maxWidthOf(props, 'medium')})` }}
      >
        <img
          className="inline-image block h-auto max-h-[32rem] min-h-8 max-w-full min-w-8 object-contain"
          src={address}
          alt={element.name}
          loading="lazy"
          onError={() => setBroken(true)}
        />
      </Dialog.Trigger>
      <Enlarged address={address} name={element.name} />
    </Dialog.Root>
  );
}

function Enlarged({ address, name }: { address: string; name: string }) {
  const button = 'grid size-10 place-items-center rounded-full bg-black/50 text-white hover:bg-black/75';
  return (
    <Dialog.Portal>
      <Dialog.Overlay className="fixed inset-0 z-50 bg-black/90" />
      <Dialog.Content aria-describedby={undefined} className="fixed inset-0 z-50 grid place-items-center p-4 outline-none sm:p-10">
        <Dialog.Title className="sr-only">{name}</Dialog.Title>
        <Dialog.Close aria-hidden tabIndex={-1} className="absolute inset-0 cursor-zoom-out" />
        <img src={address} alt={name} className="relative max-h-[85dvh] min-h-40 max-w-full rounded-lg object-contain [image-rendering:auto]" />
        <div className="absolute top-3 right-3 flex gap-2">
          <a {...downloadProps(address, name)} className={button} aria-label={`Download ${name}`}>
            <Download aria-hidden className="size-5" />
          </a>
          <Dialog.Close className={button} aria-label="Close">
            <X aria-hidden className="size-5" />
          </Dialog.Close>
        </div>
        <p className="absolute inset-x-0 bottom-3 truncate px-4 text-center text-sm text-white/80" aria-hidden>{name}</p>
      </Dialog.Content>
    </Dialog.Portal>
  );
}

function Missing({ name }: { name: string }) {
  return (
    <p className="inline-flex max-w-full items-center gap-2 rounded-xl border border-line bg-sunken px-3.5 py-2.5 text-sm text-muted">
      <ImageOff aria-hidden className="size-4 shrink-0" />
      <span className="truncate">{name} cannot be shown</span>
    </p>
  );
}
