/** What the HTTP routes say beside the dicts of `protocol.ts`. */
import type { Dict, Element, Step } from './protocol';

export interface AuthConfig {
  requireLogin: boolean | null;
  passwordAuth: boolean;
  headerAuth: boolean;
  oauthProviders: string[];
}

export interface User {
  identifier: string;
  display_name?: string | null;
  metadata?: Dict;
}

export interface Starter {
  label: string;
  message: string;
  command?: string | null;
  icon?: string | null;
}

export interface StarterCategory {
  label: string;
  icon?: string | null;
  starters: Starter[];
}

/** A bot, as Chainlit's clients know it. */
export interface Profile {
  name: string;
  display_name?: string | null;
  markdown_description: string;
  icon?: string | null;
  default: boolean;
  starters?: Starter[];
}

export interface HeaderLink {
  name: string;
  display_name?: string | null;
  icon_url?: string | null;
  url: string;
  target?: string | null;
}

export interface UploadRules {
  enabled: boolean;
  accept: string[] | Record<string, string[]>;
  max_files: number;
  max_size_mb: number;
}

export interface Settings {
  ui: {
    name: string;
    description?: string;
    cot?: 'full' | 'tool_call' | 'hidden';
    default_sidebar_state?: 'open' | 'closed';
    confirm_new_chat?: boolean;
    header_links?: HeaderLink[] | null;
  };
  features: {
    spontaneous_file_upload: UploadRules;
    audio: { enabled: boolean; sample_rate: number };
    user_message_markdown: boolean;
    edit_message: boolean;
    favorites: boolean;
  };
  userEnv: string[];
  maskUserEnv: boolean;
  dataPersistence: boolean;
  threadResumable: boolean;
  threadSharing: boolean;
  markdown: string;
  chatProfiles: Profile[];
  starters: Starter[];
  starterCategories: StarterCategory[];
}

/** A conversation; in a list it has no steps. */
export interface Thread {
  id: string;
  createdAt: string;
  name?: string | null;
  metadata?: Dict | null;
  steps: Step[];
  elements?: Element[] | null;
}

export interface ThreadPage {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  data: Thread[];
}

export interface Command {
  id: string;
  description: string;
  icon?: string | null;
  button?: boolean;
  persistent?: boolean;
  selected?: boolean;
}

export interface ModeOption {
  id: string;
  name: string;
  description?: string | null;
  icon?: string | null;
  default: boolean;
}

export interface Mode {
  id: string;
  name: string;
  options: ModeOption[];
}
