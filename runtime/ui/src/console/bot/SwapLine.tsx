import type { Swap } from '../api/types';
import { Badge } from '../ui/Badge';
import { plural, seconds } from '../ui/format';

/** How one swap went, in a sentence. */
export function SwapLine({ swap }: { swap: Swap }) {
  const { from, to, turns_in_flight: turns, retired_ms: retired } = swap;
  if (from === null) return <p>Version {to} was the first to answer.</p>;
  return (
    <p>
      From version {from} to version {to}
      {turns > 0 ? `, with ${plural(turns, 'turn')} under way on version ${from}. ` : ', with no turn under way. '}
      {retired === null ? <Badge tone="warn">version {from} still finishes its turns</Badge> : `Version ${from} retired ${retired === 0 ? 'at once' : `after ${seconds(retired / 1_000)}`}.`}
    </p>
  );
}
