/** The contract's limits, which the server reads too: contract/limits.json, and the lengths of event.schema.json. */
import kinds from '../../../contract/kinds.json';
import limits from '../../../contract/limits.json';
import schema from '../../../contract/event.schema.json';

const { code, text } = schema.$defs.observation.properties;

export const LIMITS = {
  ...limits,
  observations_max: schema.properties.observations.maxItems,
  code_chars_max: code.maxLength,
  text_chars_max: text.maxLength,
} as const;

/** A kind, a form or a concept. */
export const WORD = new RegExp(`^(?=.{1,${schema.$defs.word.maxLength}}$)${schema.$defs.word.pattern.slice(1)}`);

/** Kinds after which a household is folded from its beginning: they change who somebody is. */
export const FROM_START: ReadonlySet<string> = new Set(
  Object.entries(kinds).flatMap(([name, kind]) => (typeof kind === 'object' && 'from_start' in kind ? [name] : [])),
);
