import { button } from '../ui/classes';
import { Steps } from './Steps';
import { useDeploy } from './store';

export function Progress() {
  const { stage, abort } = useDeploy();
  return (
    <div className="space-y-5">
      <Steps />
      {stage === null && (
        <div className="flex justify-end">
          <button type="button" onClick={abort} className={button('plain')}>Cancel the upload</button>
        </div>
      )}
    </div>
  );
}
