import { forwardRef, type ComponentProps, type ReactElement, cloneElement, isValidElement } from 'react';

import { cn } from './cn';
import { styled } from './styled';

const BUTTON = 'inline-flex items-center justify-center gap-2 rounded-md text-sm font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0';
const BUTTON_LOOKS = {
  default: 'bg-primary text-primary-foreground hover:opacity-90',
  destructive: 'bg-destructive text-destructive-foreground hover:opacity-90',
  outline: 'border border-border bg-transparent hover:bg-accent',
  secondary: 'bg-secondary text-secondary-foreground hover:bg-accent',
  ghost: 'hover:bg-accent',
  link: 'text-primary underline-offset-4 hover:underline',
};
const BUTTON_SIZES = { default: 'h-9 px-4 py-2', sm: 'h-8 px-3 text-xs', lg: 'h-10 px-8', icon: 'size-9' };

interface ButtonLook {
  variant?: keyof typeof BUTTON_LOOKS;
  size?: keyof typeof BUTTON_SIZES;
  className?: string;
}

export function buttonVariants({ variant = 'default', size = 'default', className }: ButtonLook = {}): string {
  return cn(BUTTON, BUTTON_LOOKS[variant], BUTTON_SIZES[size], className);
}

export const Button = forwardRef<HTMLButtonElement, ComponentProps<'button'> & ButtonLook & { asChild?: boolean }>(
  function Button({ variant, size, className, asChild, children, ...props }, ref) {
    const classes = buttonVariants({ variant, size, className });
    if (asChild && isValidElement(children)) {
      const child = children as ReactElement<{ className?: string }>;
      return cloneElement(child, { ...props, className: cn(classes, child.props.className) });
    }
    return <button ref={ref} type="button" {...props} className={classes}>{children}</button>;
  },
);

const BADGE_LOOKS = {
  default: 'border-transparent bg-primary text-primary-foreground',
  secondary: 'border-transparent bg-secondary text-secondary-foreground',
  destructive: 'border-transparent bg-destructive text-destructive-foreground',
  outline: 'border-border',
};

export function Badge({ variant = 'default', className, ...props }: ComponentProps<'span'> & { variant?: keyof typeof BADGE_LOOKS }) {
  return <span {...props} className={cn('inline-flex w-fit items-center rounded-full border px-2.5 py-0.5 text-xs font-semibold', BADGE_LOOKS[variant], className)} />;
}

export const Card = styled('div', 'rounded-xl border border-border bg-card text-card-foreground');
export const CardHeader = styled('div', 'flex flex-col gap-1.5 p-4');
export const CardTitle = styled('h3', 'leading-none font-semibold tracking-tight');
export const CardDescription = styled('p', 'text-sm text-muted-foreground');
export const CardContent = styled('div', 'p-4 pt-0');
export const CardFooter = styled('div', 'flex items-center p-4 pt-0');

export const Label = styled('label', 'text-sm leading-none font-medium');
export const Skeleton = styled('div', 'animate-pulse rounded-md bg-muted');
export const ScrollArea = styled('div', 'overflow-auto');
export const ScrollBar = () => null;

export function Separator({ orientation = 'horizontal', className, ...props }: ComponentProps<'div'> & { orientation?: 'horizontal' | 'vertical' }) {
  return <div role="separator" {...props} className={cn('shrink-0 bg-border', orientation === 'vertical' ? 'h-full w-px' : 'h-px w-full', className)} />;
}

export function Progress({ value = 0, className, ...props }: ComponentProps<'div'> & { value?: number | null }) {
  const share = Math.min(100, Math.max(0, value ?? 0));
  return (
    <div role="progressbar" aria-valuenow={share} aria-valuemin={0} aria-valuemax={100} {...props} className={cn('h-2 w-full overflow-hidden rounded-full bg-muted', className)}>
      <div className="h-full bg-primary transition-all" style={{ width: `${share}%` }} />
    </div>
  );
}

export function AspectRatio({ ratio = 1, style, ...props }: ComponentProps<'div'> & { ratio?: number }) {
  return <div {...props} style={{ aspectRatio: ratio, ...style }} />;
}

export const Avatar = styled('span', 'relative flex size-10 shrink-0 overflow-hidden rounded-full bg-muted');
export const AvatarImage = styled('img', 'absolute inset-0 z-10 h-full w-full object-cover');
export const AvatarFallback = styled('span', 'flex h-full w-full items-center justify-center text-sm');

export function Table({ className, ...props }: ComponentProps<'table'>) {
  return <div className="w-full overflow-auto"><table {...props} className={cn('w-full text-sm', className)} /></div>;
}
export const TableHeader = styled('thead', '');
export const TableBody = styled('tbody', '');
export const TableFooter = styled('tfoot', 'bg-muted font-medium');
export const TableRow = styled('tr', 'border-b border-border');
export const TableHead = styled('th', 'h-9 px-2 text-left font-medium text-muted-foreground');
export const TableCell = styled('td', 'p-2');
export const TableCaption = styled('caption', 'mt-4 text-sm text-muted-foreground');
