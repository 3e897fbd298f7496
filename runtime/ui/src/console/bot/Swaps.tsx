import type { Swap } from '../api/types';
import { card } from '../ui/classes';
import { ago, dateTime } from '../ui/format';
import { SwapLine } from './SwapLine';

export function Swaps({ swaps }: { swaps: Swap[] }) {
  return (
    <section aria-label="Swaps" className="space-y-3">
      <h2 className="font-semibold">Swaps</h2>
      {swaps.length === 0 && <p className="text-sm text-muted">None since the server started.</p>}
      {swaps.length > 0 && (
        <ol className={`${card} divide-y divide-line text-sm`}>
          {swaps.slice(0, 20).map((swap) => (
            <li key={`${swap.at} ${swap.to}`} className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-2.5">
              <time dateTime={swap.at} title={dateTime(swap.at)} className="w-28 shrink-0 text-muted">{ago(swap.at)}</time>
              <SwapLine swap={swap} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
