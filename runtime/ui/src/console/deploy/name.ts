/** As the server's `domain/bot.rs` has it. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Why a text is no bot's name; none if it is one. */
export function nameFault(name: string): string | null {
  if (NAME.test(name)) return null;
  if (name === '') return 'A bot needs a name.';
  if (name.length > 64) return 'A name has at most 64 characters.';
  if (!/^[a-z0-9]/.test(name)) return 'A name begins with a small letter (a-z) or a digit.';
  return 'Use only the characters a-z, 0-9, “-” and “_”.';
}

/** The name that a file suggests, as `chinwag deploy` takes it; what cannot stand in a name becomes a hyphen. */
export function nameOf(file: string): string {
  const stem = file.replace(/\.wasm$/i, '').toLowerCase();
  return stem.replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64);
}
