import type { Bot, Version } from '../api/types';
import { NEEDS, NO_GRANTS } from '../deploy/diff';
import { Dialog } from '../ui/Dialog';
import { dateTime } from '../ui/format';

/** Everything that is known of a version. */
export function VersionDialog(props: { bot: Bot; version: Version; onClose(): void }) {
  const { bot, version, onClose } = props;
  const needs = version.needs ?? NO_GRANTS;
  return (
    <Dialog
      isSheet
      title={`${bot.name}, version ${version.number}`}
      description={`Uploaded ${dateTime(version.uploaded_at)} by ${version.uploaded_by}`}
      onClose={onClose}
    >
      <div className="space-y-5 text-sm">
        <List title="Digest" items={[version.digest]} />
        {NEEDS.map(({ key, what }) => needs[key].length > 0 && <List key={key} title={what} items={needs[key]} />)}
        <List title="Exports" items={version.exports} />
        <List title="Imports" items={version.imports} />
      </div>
    </Dialog>
  );
}

export function List(props: { title: string; items: string[] }) {
  return (
    <section>
      <h3 className="mb-1 font-medium">{props.title}</h3>
      <ul className="space-y-0.5 font-mono text-xs break-all text-muted">
        {props.items.map((item) => <li key={item}>{item}</li>)}
      </ul>
    </section>
  );
}
