import * as RadixDialog from '@radix-ui/react-dialog';
import * as RadixMenu from '@radix-ui/react-dropdown-menu';
import * as RadixPopover from '@radix-ui/react-popover';
import * as RadixTooltip from '@radix-ui/react-tooltip';
import { X } from 'lucide-react';
import type { ComponentProps } from 'react';

import { cn } from './cn';
import { styled } from './styled';

const FLOATING = 'z-50 rounded-md border border-border bg-popover text-popover-foreground shadow-md outline-none';

export const Dialog = RadixDialog.Root;
export const DialogTrigger = RadixDialog.Trigger;
export const DialogClose = RadixDialog.Close;
export const DialogHeader = styled('div', 'flex flex-col gap-1.5');
export const DialogFooter = styled('div', 'flex flex-row flex-wrap justify-end gap-2');
export const DialogTitle = styled(RadixDialog.Title, 'text-lg leading-none font-semibold');
export const DialogDescription = styled(RadixDialog.Description, 'text-sm text-muted-foreground');

/** Portals leave the component, so each brings the scope of its classes along. */
export function DialogContent({ className, children, ...props }: ComponentProps<typeof RadixDialog.Content>) {
  return (
    <RadixDialog.Portal>
      <div className="bot-component">
        <RadixDialog.Overlay className="fixed inset-0 z-50 bg-black/50" />
        <RadixDialog.Content {...props} className={cn('fixed top-1/2 left-1/2 z-50 grid max-h-full w-full max-w-lg -translate-x-1/2 -translate-y-1/2 gap-4 overflow-auto rounded-lg border border-border bg-background p-6 shadow-lg outline-none', className)}>
          {children}
          <RadixDialog.Close className="absolute top-4 right-4 opacity-70 hover:opacity-100" aria-label="Close"><X className="size-4" /></RadixDialog.Close>
        </RadixDialog.Content>
      </div>
    </RadixDialog.Portal>
  );
}

export { Dialog as Sheet, DialogTrigger as SheetTrigger, DialogClose as SheetClose, DialogContent as SheetContent, DialogHeader as SheetHeader, DialogFooter as SheetFooter, DialogTitle as SheetTitle, DialogDescription as SheetDescription };

export const Popover = RadixPopover.Root;
export const PopoverTrigger = RadixPopover.Trigger;

export function PopoverContent({ className, ...props }: ComponentProps<typeof RadixPopover.Content>) {
  return (
    <RadixPopover.Portal>
      <div className="bot-component"><RadixPopover.Content sideOffset={4} {...props} className={cn(FLOATING, 'w-72 p-4', className)} /></div>
    </RadixPopover.Portal>
  );
}

export { Popover as HoverCard, PopoverTrigger as HoverCardTrigger, PopoverContent as HoverCardContent };

export const DropdownMenu = RadixMenu.Root;
export const DropdownMenuTrigger = RadixMenu.Trigger;
export const DropdownMenuGroup = RadixMenu.Group;
export const DropdownMenuLabel = styled(RadixMenu.Label, 'px-2 py-1.5 text-sm font-semibold');
export const DropdownMenuSeparator = styled(RadixMenu.Separator, 'my-1 h-px bg-border');
export const DropdownMenuItem = styled(RadixMenu.Item, 'flex cursor-default items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-accent');

export function DropdownMenuContent({ className, ...props }: ComponentProps<typeof RadixMenu.Content>) {
  return (
    <RadixMenu.Portal>
      <div className="bot-component"><RadixMenu.Content sideOffset={4} {...props} className={cn(FLOATING, 'min-w-32 p-1', className)} /></div>
    </RadixMenu.Portal>
  );
}

export const TooltipProvider = RadixTooltip.Provider;
export const TooltipTrigger = RadixTooltip.Trigger;

export function Tooltip(props: ComponentProps<typeof RadixTooltip.Root>) {
  return <RadixTooltip.Provider><RadixTooltip.Root {...props} /></RadixTooltip.Provider>;
}

export function TooltipContent({ className, ...props }: ComponentProps<typeof RadixTooltip.Content>) {
  return (
    <RadixTooltip.Portal>
      <div className="bot-component"><RadixTooltip.Content sideOffset={4} {...props} className={cn(FLOATING, 'px-3 py-1.5 text-xs', className)} /></div>
    </RadixTooltip.Portal>
  );
}
