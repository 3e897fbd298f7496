import { button } from '../ui/classes';
import { ProblemNote } from '../ui/ProblemNote';
import { Steps } from './Steps';
import { useDeploy } from './store';

export function Refusal() {
  const { problem, stage, edit, close, choose, name } = useDeploy();
  if (!problem) return null;
  const title = problem.code === 'aborted' ? 'Cancelled' : stage ? `Refused at the stage “${stage}”` : 'Refused';
  return (
    <div className="space-y-5">
      <ProblemNote title={title} problem={problem} />
      <Steps />
      <p className="text-sm text-muted">Whatever answered before answers still.</p>
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" onClick={close} className={button('quiet')}>Close</button>
        <button type="button" onClick={edit} className={button('plain')}>Try again</button>
        <button type="button" onClick={() => choose(name)} className={button('primary')}>Choose another file</button>
      </div>
    </div>
  );
}
