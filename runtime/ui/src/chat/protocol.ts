/** The dicts of the Chainlit dialect as the server sends them (see docs/parity.md). Times are ISO 8601 texts in UTC. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Dict = { [key: string]: Json };

export type StepType =
  | 'user_message' | 'assistant_message' | 'system_message'
  | 'run' | 'tool' | 'llm' | 'embedding' | 'retrieval' | 'rerank' | 'undefined';

export interface Feedback {
  id?: string;
  forId?: string;
  value: 0 | 1;
  comment?: string | null;
}

export interface Step {
  id: string;
  threadId: string;
  parentId: string | null;
  type: StepType;
  name: string;
  input?: string;
  output: string;
  createdAt: string;
  start?: string | null;
  end?: string | null;
  streaming?: boolean;
  isError?: boolean;
  waitForAnswer?: boolean;
  showInput?: boolean | string;
  language?: string | null;
  icon?: string | null;
  command?: string | null;
  modes?: Record<string, string> | null;
  metadata?: Dict;
  tags?: string[] | null;
  generation?: Json;
  defaultOpen?: boolean;
  autoCollapse?: boolean;
  feedback?: Feedback | null;
  /** What lies below it; the server sends a flat list, the store makes the tree. */
  steps?: Step[];
}

export type ElementType =
  | 'text' | 'image' | 'audio' | 'video' | 'pdf' | 'file' | 'dataframe' | 'plotly' | 'tasklist' | 'custom';

export interface Element {
  id: string;
  threadId?: string;
  forId?: string | null;
  type: ElementType;
  name: string;
  display: 'inline' | 'side' | 'page';
  url?: string | null;
  chainlitKey?: string | null;
  objectKey?: string | null;
  mime?: string | null;
  size?: 'small' | 'medium' | 'large' | null;
  language?: string | null;
  page?: number | null;
  autoPlay?: boolean | null;
  playerConfig?: Dict | null;
  props?: Dict | string | null;
}

export interface Action {
  id: string;
  forId?: string | null;
  name: string;
  label: string;
  tooltip?: string;
  icon?: string | null;
  payload: Dict;
}

export interface AskSpec {
  type: 'text' | 'file' | 'action' | 'element';
  timeout: number;
  step_id?: string;
  accept?: string[] | Record<string, string[]>;
  max_files?: number;
  max_size_mb?: number;
  keys?: string[];
  element_id?: string;
}

/** A question that waits for the user; `answer` resolves the server's acknowledgement. */
export interface Ask {
  spec: AskSpec;
  step: Step;
  /** When it lapses, in milliseconds since 1970. */
  until: number;
  answer: (value: Json) => void;
}

export interface FileRef {
  id: string;
  name?: string;
  path?: string;
  size?: number;
  type?: string;
}

export interface Widget {
  type: 'switch' | 'slider' | 'select' | 'textinput' | 'numberinput' | 'tags' | 'multiselect' | 'checkbox' | 'radio' | 'datepicker' | string;
  id: string;
  label: string;
  initial?: Json;
  tooltip?: string | null;
  description?: string | null;
  disabled?: boolean | null;
  [key: string]: Json | undefined;
}

export interface WidgetTab {
  id: string;
  label: string;
  inputs: Widget[];
}
