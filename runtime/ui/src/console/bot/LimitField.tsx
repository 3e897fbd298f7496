import { RotateCcw } from 'lucide-react';
import type { LimitValue } from '../api/types';
import { Badge } from '../ui/Badge';
import { button, field } from '../ui/classes';
import { fault, UNITS, written, type LimitSpec, type Written } from './limits';

interface Props {
  spec: LimitSpec;
  effective: LimitValue | undefined;
  /** The server's default; none if no bot keeps it. */
  standard: LimitValue | undefined;
  /** None while the default holds. */
  value: Written | undefined;
  onChange(value: Written | null): void;
}

export function LimitField({ spec, effective, standard, value, onChange }: Props) {
  const id = `limit-${spec.key}`;
  const units = UNITS[spec.kind];
  const shown = written(standard ?? effective ?? '', spec.kind);
  const current = value ?? { amount: '', unit: shown.unit };
  const problem = value && fault(value);
  const edit = (change: Partial<Written>) => {
    const next = { ...current, ...change };
    onChange(next.amount === '' ? null : next);
  };
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[1fr_18rem] sm:items-center">
      <div>
        <label htmlFor={id} className="text-sm font-medium">{spec.label}</label>
        {value && <span className="ml-2"><Badge tone="accent">set</Badge></span>}
        <p id={`${id}-note`} className="text-sm text-muted">
          {spec.note && `${spec.note}. `}
          {standard !== undefined && `Default: ${String(standard)}`}
        </p>
        {problem && <p role="alert" className="text-sm text-bad">{problem}</p>}
      </div>
      <div className="flex items-center gap-2">
        <input
          id={id}
          inputMode="numeric"
          autoComplete="off"
          value={current.amount}
          placeholder={shown.amount}
          onChange={(event) => edit({ amount: event.target.value.trim() })}
          aria-describedby={`${id}-note`}
          aria-invalid={problem ? true : undefined}
          className={`${field} w-full min-w-0 text-right tabular-nums`}
        />
        {units.length > 0 ? (
          <select
            aria-label={`Unit of ${spec.label}`}
            value={current.unit}
            onChange={(event) => edit({ unit: event.target.value, amount: current.amount || shown.amount })}
            className={`${field} w-24 shrink-0`}
          >
            {units.map((unit) => <option key={unit}>{unit}</option>)}
          </select>
        ) : (
          <span className="w-24 shrink-0" />
        )}
        <button
          type="button"
          disabled={!value}
          onClick={() => onChange(null)}
          className={`${button('quiet', 'icon')} shrink-0 ${value ? '' : 'invisible'}`}
          aria-label={`Default for ${spec.label}`}
          title="Back to the default"
        >
          <RotateCcw size={15} aria-hidden />
        </button>
      </div>
    </li>
  );
}
