import { bytes } from '../ui/format';
import { Dialog } from '../ui/Dialog';
import { DeployForm } from './DeployForm';
import { Progress } from './Progress';
import { Refusal } from './Refusal';
import { Report } from './Report';
import { useDeploy, type Phase } from './store';

const titles: Record<Phase, string> = {
  form: 'Deploy a bot',
  sending: 'Deploying',
  refused: 'Not deployed',
  done: 'Deployed',
};

export function DeploySheet() {
  const { file, phase, name, uploaded, close } = useDeploy();
  if (!file) return null;
  const title = phase === 'done' && uploaded ? done(uploaded.active, uploaded.version) : titles[phase];
  const description = phase === 'form' ? `${file.name}, ${bytes(file.size)}` : `${file.name} as ${name}`;
  return (
    <Dialog isSheet title={title} description={description} onClose={close}>
      {phase === 'form' && <DeployForm />}
      {phase === 'sending' && <Progress />}
      {phase === 'refused' && <Refusal />}
      {phase === 'done' && <Report />}
    </Dialog>
  );
}

const done = (isActive: boolean, version: number) => (isActive ? `Version ${version} answers` : `Version ${version} is stored`);
