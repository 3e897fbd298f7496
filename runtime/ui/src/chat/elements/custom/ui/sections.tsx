import * as RadixTabs from '@radix-ui/react-tabs';
import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';

import { cn } from './cn';
import { styled } from './styled';

export const Tabs = RadixTabs.Root;
export const TabsList = styled(RadixTabs.List, 'inline-flex h-9 items-center justify-center rounded-lg bg-muted p-1 text-muted-foreground');
export const TabsTrigger = styled(RadixTabs.Trigger, 'inline-flex items-center justify-center rounded-md px-3 py-1 text-sm font-medium whitespace-nowrap data-[state=active]:bg-background data-[state=active]:text-foreground data-[state=active]:shadow-sm');
export const TabsContent = styled(RadixTabs.Content, 'mt-2');

export function Alert({ variant = 'default', className, ...props }: ComponentProps<'div'> & { variant?: 'default' | 'destructive' }) {
  return <div role="alert" {...props} className={cn('w-full rounded-lg border p-4 text-sm', variant === 'destructive' ? 'border-destructive text-destructive' : 'border-border', className)} />;
}
export const AlertTitle = styled('h5', 'mb-1 leading-none font-medium');
export const AlertDescription = styled('div', 'text-sm');

type AccordionProps = Omit<ComponentProps<'div'>, 'defaultValue'> & { type?: string; collapsible?: boolean; value?: unknown; defaultValue?: unknown; onValueChange?: unknown };

/** The browser's own disclosure opens and closes by itself. */
export function Accordion({ type: _t, collapsible: _c, value: _v, defaultValue: _d, onValueChange: _o, ...props }: AccordionProps) {
  return <div {...props} />;
}

export function AccordionItem({ className, ...props }: ComponentProps<'details'> & { value?: string }) {
  const { value: _, ...rest } = props;
  return <details {...rest} className={cn('group border-b border-border', className)} />;
}

export function AccordionTrigger({ className, children, ...props }: ComponentProps<'summary'>) {
  return (
    <summary {...props} className={cn('flex cursor-pointer list-none items-center justify-between py-3 text-sm font-medium hover:underline', className)}>
      {children}
      <ChevronDown className="size-4 transition-transform group-open:rotate-180" />
    </summary>
  );
}

export const AccordionContent = styled('div', 'pb-3 text-sm');
