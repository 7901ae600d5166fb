/** What a well-formed event is: hodi/events/rules.py for what a phone writes. Kinds and concepts that are not known pass. */
import type { Event, EventDraft, Observation } from '../domain/events';
import { fault } from '../domain/fault';
import type { Concept, Pack } from '../domain/pack';
import { LIMITS, WORD } from './limits';

export type Rules = Pick<Pack, 'kinds' | 'concepts'>;

const { observations_max, code_chars_max, text_chars_max, event_bytes_max } = LIMITS;

/** Throws a fault (`malformed`, `out_of_range`) that names the field or the concept. */
export function assertWellFormed(draft: EventDraft, rules: Rules): void {
  if (!WORD.test(draft.kind)) throw fault('malformed', 'kind');
  if (draft.observations.length > observations_max) throw fault('malformed', 'observations');
  for (const said of draft.observations) assertValue(said, rules.concepts[said.concept]);
  const kind = rules.kinds[draft.kind];
  if (kind === undefined) return;
  for (const column of kind.requires) {
    // The phone fills in the area; a visit's number is its own event's.
    const given =
      column === 'area' || (column === 'visit' && draft.kind === 'visit.made') || draft[column as keyof EventDraft] !== undefined;
    if (!given) throw fault('malformed', column);
  }
  const stated = new Set(draft.observations.map((said) => said.concept));
  for (const concept of kind.concepts) if (!stated.has(concept)) throw fault('malformed', concept);
}

/** Throws `event_too_large` for what the server would not take, while it can still be shortened. */
export function assertFits(event: Event): void {
  if (new TextEncoder().encode(JSON.stringify(event)).length > event_bytes_max) throw fault('event_too_large', event.kind);
}

function assertValue(said: Observation, concept: Concept | undefined): void {
  const { number, code, text } = said;
  if (!WORD.test(said.concept)) throw fault('malformed', 'concept');
  if ([number, code, text].filter((value) => value !== undefined).length !== 1) throw fault('malformed', said.concept);
  if (number !== undefined && !(Math.abs(number) <= 1e15)) throw fault('malformed', said.concept);
  if (code !== undefined && !(code.length >= 1 && code.length <= code_chars_max)) throw fault('malformed', said.concept);
  if (text !== undefined && !(text.length >= 1 && text.length <= text_chars_max)) throw fault('malformed', said.concept);
  if (concept === undefined) return;
  const holds = concept.type === 'code' ? code : concept.type === 'text' ? text : number;
  if (holds === undefined) throw fault('malformed', said.concept);
  if (number !== undefined && (number < (concept.min ?? -Infinity) || number > (concept.max ?? Infinity))) {
    throw fault('out_of_range', said.concept);
  }
  if (code !== undefined && concept.codes && concept.codes.length > 0 && !concept.codes.includes(code)) {
    throw fault('out_of_range', said.concept);
  }
}
