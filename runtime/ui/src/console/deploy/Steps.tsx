import { Check, Circle, LoaderCircle, X } from 'lucide-react';
import { STAGES, type Stage } from '../api/upload';
import { useDeploy } from './store';

type State = 'waiting' | 'running' | 'done' | 'failed';

const texts: Record<Stage | 'upload', { label: string; note: string }> = {
  upload: { label: 'Upload', note: 'The file travels to the server' },
  check: { label: 'Check', note: 'Is it a component, and does it keep to the contract?' },
  compile: { label: 'Compile', note: 'Into machine code, in a process of its own' },
  rehearsal: { label: 'Rehearsal', note: 'It is started once and asked to describe itself' },
  store: { label: 'Store', note: 'Kept on disk with its digest' },
  live: { label: 'Live', note: 'New turns go to it' },
};

/** How far the deployment is, or how far it got. */
export function Steps() {
  const { phase, stage, share, isActivating } = useDeploy();
  const steps = ['upload' as const, ...STAGES.filter((one) => isActivating || one !== 'live')];
  const current = steps.indexOf(stage ?? 'upload');
  const stateOf = (index: number): State => {
    if (index < current || phase === 'done') return 'done';
    if (index > current) return 'waiting';
    return phase === 'refused' ? 'failed' : 'running';
  };
  const now = steps[current] ?? 'upload';
  return (
    <>
      <p role="status" className="sr-only">{phase === 'sending' ? `${texts[now].label}…` : ''}</p>
      <ol className="space-y-1" aria-label="Stages">
        {steps.map((step, index) => (
          <Step key={step} {...texts[step]} state={stateOf(index)} share={step === 'upload' && phase === 'sending' ? share : undefined} />
        ))}
      </ol>
    </>
  );
}

function Step(props: { label: string; note: string; state: State; share?: number }) {
  const { label, note, state, share } = props;
  const isPartial = share !== undefined && state === 'running';
  return (
    <li className="flex gap-3 py-1.5" aria-current={state === 'running' ? 'step' : undefined}>
      <Icon state={state} />
      <div className="min-w-0 flex-1 text-sm">
        <p className={state === 'waiting' ? 'text-muted' : 'font-medium'}>
          {label}
          <span className="sr-only">: {state}</span>
          {isPartial && <span className="ml-2 font-normal text-muted tabular-nums">{Math.round(share * 100)} %</span>}
        </p>
        <p className="text-muted">{note}</p>
        {isPartial && (
          <div
            role="progressbar"
            aria-label="Upload"
            aria-valuenow={Math.round(share * 100)}
            aria-valuemin={0}
            aria-valuemax={100}
            className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-sunken"
          >
            <div className="h-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
          </div>
        )}
      </div>
    </li>
  );
}

function Icon({ state }: { state: State }) {
  const look = 'mt-0.5 shrink-0';
  if (state === 'done') return <Check size={18} className={`${look} text-good`} aria-hidden />;
  if (state === 'failed') return <X size={18} className={`${look} text-bad`} aria-hidden />;
  if (state === 'running') return <LoaderCircle size={18} className={`${look} animate-spin text-accent`} aria-hidden />;
  return <Circle size={18} className={`${look} text-line`} aria-hidden />;
}
