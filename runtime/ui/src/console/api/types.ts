/** What the admin API answers (`runtime/src/admin`). */

export interface Problem {
  status: number;
  code: string;
  detail: string;
  title?: string;
}

/** What a version asks its operator for, and what an operator grants. */
export interface Grants {
  imports: string[];
  hosts: string[];
  secrets: string[];
  models: string[];
}

export interface Profile {
  display_name: string | null;
  description: string | null;
  icon: string | null;
}

export interface Version {
  number: number;
  digest: string;
  size: number;
  uploaded_at: string;
  uploaded_by: string;
  compile_ms: number;
  exports: string[];
  imports: string[];
  profile: Profile;
  needs?: Grants;
  held?: boolean;
}

export interface Swap {
  at: string;
  from: number | null;
  to: number;
  turns_in_flight: number;
  /** None while turns still run on the version before. */
  retired_ms: number | null;
}

export type LimitValue = string | number;
export type Limits = Record<string, LimitValue>;

export interface BotSummary {
  name: string;
  active: number | null;
  version_count: number;
  display_name: string | null;
  digest: string | null;
  size: number | null;
  uploaded_at: string | null;
  uploaded_by: string | null;
  /** Versions that wait for consent. */
  held: number;
}

export interface Bot {
  name: string;
  active: number | null;
  versions: Version[];
  counters?: { turns: number; turn_failures: number; emits: number; denials: number };
  limits?: Limits;
  limits_set?: Limits;
  limits_default?: Limits;
  grants?: Grants;
  swaps?: Swap[];
}

export interface Uploaded {
  name: string;
  version: number;
  digest: string;
  size: number;
  active: boolean;
  compile_ms: number;
  exports: string[];
  imports: string[];
  grants_needed: string[];
  created?: boolean;
}

export interface Session {
  id: string;
  bot: string;
  thread_id: string;
  user: string | null;
  connected: boolean;
  client: string;
  opened_at: string;
  version: number | null;
  running: boolean;
}

export interface Sessions {
  total: number;
  sessions: Session[];
}

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  at: string;
  level: Level;
  version: number;
  turn: string | null;
  text: string;
}

/** Cumulative: how many took at most `le` seconds; none stands for infinity. */
export interface Bucket {
  le: number | null;
  count: number;
}

export interface VersionStats {
  bot: string;
  version: number;
  turns: number;
  failures: number;
  emits: number;
  denials: number;
  seconds: { sum: number; count: number; buckets: Bucket[] };
  memory: { sum: number; count: number; max: number };
}

export interface ServerStats {
  version: string;
  started_at: string;
  store: 'sqlite' | 'off';
  sign_in: boolean;
  resident_bytes: number;
  sessions: number;
  sessions_connected: number;
  turns_running: number;
  turns_max: number;
  mailbox_depth: number;
}

/** Counters since the server started. */
export interface Stats {
  at: string;
  server: ServerStats;
  versions: VersionStats[];
}
