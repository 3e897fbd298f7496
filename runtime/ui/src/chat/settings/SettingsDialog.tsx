import { lazy, Suspense } from 'react';

import type { Dict, Widget, WidgetTab } from '../protocol';

export interface SettingsDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  widgets: (Widget | WidgetTab)[];
  values: Dict;
  onSave(values: Dict): void;
  onEdit?(values: Dict): void;
}

const SettingsPanel = lazy(() => import('./SettingsPanel'));

/** What the bot lets people choose. Loaded when it is first opened. */
export function SettingsDialog(props: SettingsDialogProps) {
  if (!props.open) return null;
  return <Suspense><SettingsPanel {...props} /></Suspense>;
}
