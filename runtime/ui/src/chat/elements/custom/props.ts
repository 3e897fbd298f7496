import { useRef } from 'react';

import type { Dict, Element } from '../../protocol';

/** Kept threads may have props as a text. */
export function propsOf({ props }: Element): Dict {
  if (typeof props !== 'string') return props ?? {};
  try {
    return JSON.parse(props) as Dict;
  } catch {
    return {};
  }
}

/** The same object while nothing in it changes: other props are a new component, which forgets what it knew. */
export function useSameProps(props: Dict): Dict {
  const kept = useRef({ text: '', props });
  const text = JSON.stringify(props);
  // A copy, since components may write into what they get.
  if (kept.current.text !== text) kept.current = { text, props: JSON.parse(text) as Dict };
  return kept.current.props;
}
