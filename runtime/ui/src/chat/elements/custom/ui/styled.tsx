import { createElement, forwardRef, type ComponentPropsWithoutRef, type ComponentRef, type ElementType, type ReactNode } from 'react';

import { cn } from './cn';

/** A tag or component with classes of its own, to which those of its user are added. */
export function styled<T extends ElementType>(tag: T, classes: string) {
  return forwardRef<ComponentRef<T>, ComponentPropsWithoutRef<T> & { className?: string; children?: ReactNode }>(
    function Styled({ className, ...props }, ref) {
      return createElement(tag, { ...props, ref, className: cn(classes, className) });
    },
  );
}
