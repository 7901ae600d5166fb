/**
 * Sentences with numbers in them, in the part of ICU's MessageFormat that the pack and the app use:
 * `{name}`, and `{n, plural, one {# day ago} other {# days ago}}` with the forms that CLDR gives the language.
 * The server's side is hodi/content/messages.py; contract/vectors/messages.json holds both to one result.
 */
export type Values = Readonly<Record<string, string | number>>;

const BRANCH = /(=\d+|[a-z]+) ?\{((?:[^{}]|\{\w+\})*)\}/g;
const PLURAL = /\{(\w+), plural,((?:\s*(?:=\d+|[a-z]+) ?\{(?:[^{}]|\{\w+\})*\})+)\s*\}/g;
const NAME = /\{(\w+)\}/g;

const rules = new Map<string, Intl.PluralRules>();

/** The sentence with its values; a name without a value stays as it is written. */
export function fill(message: string, language: string, values: Values): string {
  const chosen = message.replace(PLURAL, (_all, name: string, written: string) => {
    const value = values[name];
    const branches = new Map(Array.from(written.matchAll(BRANCH), ([, form = '', text = '']) => [form, text]));
    const text = branches.get(`=${value}`) ?? branches.get(category(language, value)) ?? branches.get('other') ?? '';
    return text.replaceAll('#', String(value));
  });
  return chosen.replace(NAME, (all, name: string) => String(values[name] ?? all));
}

/** What is wrong with a message; the same findings as the server's loader has. */
export function faults(message: string, language: string): string[] {
  const wanted = [...rulesOf(language).resolvedOptions().pluralCategories].sort().join(' ');
  const found = Array.from(message.matchAll(PLURAL)).flatMap(([, name = '', written = '']) => {
    const forms = Array.from(written.matchAll(BRANCH), ([, form = '']) => form).filter((form) => !form.startsWith('='));
    return [...new Set(forms)].sort().join(' ') === wanted ? [] : [`the forms of {${name}} must be: ${wanted}`];
  });
  const rest = message.replace(PLURAL, '').replace(NAME, '');
  return /[{}]/.test(rest) ? [...found, 'its braces cannot be read'] : found;
}

function category(language: string, value: string | number | undefined): string {
  const number = typeof value === 'number' ? value : Number(value);
  return Number.isFinite(number) ? rulesOf(language).select(number) : 'other';
}

function rulesOf(language: string): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}
