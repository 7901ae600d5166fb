/** Whether a value can be the answer to a question, and if not, why. */
import { evaluate, toBoolean, toText, type Environment } from './evaluate';
import type { Labels, Question } from './model';
import type { Answer } from './run';

/**
 * Why a question stands in the way. `required`: no answer; `type`: not a number, not a choice, no such
 * date; `range`: outside min and max; `confirm`: unlikely, ask whether she is sure; `constraint`: does
 * not fit another answer (`message` is the form's own). Wording: keys `form.problem.<kind>`.
 */
export interface Problem {
  /** The question's name; in a repeat its path (`paths.ts`). */
  readonly name: string;
  readonly kind: 'required' | 'type' | 'range' | 'confirm' | 'constraint';
  readonly message?: Labels;
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
}

export interface Understood {
  readonly answer?: Answer;
  readonly problem?: Problem;
}

const TEXT_MAX = 2000;

function parse(question: Question, value: Answer): Answer | undefined {
  switch (question.type) {
    case 'integer':
    case 'decimal':
    case 'date': {
      const number = typeof value === 'number' ? value : Number(String(value).trim().replace(',', '.'));
      const whole = question.type !== 'decimal';
      return Number.isFinite(number) && String(value).trim() !== '' && (!whole || Number.isInteger(number)) ? number : undefined;
    }
    case 'select_one':
      return question.choices?.some(({ name }) => name === value) ? value : undefined;
    case 'select_multiple': {
      const chosen = new Set(typeof value === 'object' ? value : [String(value)]);
      const known = (question.choices ?? []).map(({ name }) => name).filter((name) => chosen.has(name));
      return known.length === chosen.size ? known : undefined;
    }
    default: {
      const text = String(value).trim();
      return text.length <= TEXT_MAX ? text : undefined;
    }
  }
}

const isEmpty = (value: Answer | undefined): value is undefined =>
  value === undefined || (typeof value === 'string' && value.trim() === '') || (typeof value === 'object' && value.length === 0);

/**
 * The answer that a value gives, or what is wrong with it; nothing at all for an empty value. Without a
 * environment the form's own constraint is not looked at. Chosen names come back in the form's order.
 */
export function understand(
  question: Question,
  name: string,
  value: Answer | undefined,
  given: { readonly sure: boolean; readonly environment?: Environment },
): Understood {
  if (isEmpty(value)) return {};
  const { min, max, confirm_min, confirm_max, unit } = question;
  const answer = parse(question, value);
  if (answer === undefined) return { problem: { name, kind: 'type' } };
  const range = (kind: 'range' | 'confirm', low?: number, high?: number): Understood => ({
    problem: {
      name,
      kind,
      ...(low === undefined ? {} : { min: low }),
      ...(high === undefined ? {} : { max: high }),
      ...(unit === undefined ? {} : { unit }),
    },
  });
  if (typeof answer === 'number') {
    if (answer < (min ?? -Infinity) || answer > (max ?? Infinity)) return range('range', min, max);
    const unlikely = answer < (confirm_min ?? -Infinity) || answer > (confirm_max ?? Infinity);
    if (unlikely && !given.sure) return range('confirm', confirm_min, confirm_max);
  }
  if (given.environment && question.constraint) {
    const self = typeof answer === 'object' ? answer.join(' ') : question.type === 'date' ? { day: Number(answer) } : toText(answer);
    const holds = toBoolean(evaluate(question.constraint, { ...given.environment, self }));
    if (!holds) {
      const message = question.constraint_message;
      return { problem: { name, kind: 'constraint', ...(message ? { message } : {}) } };
    }
  }
  return { answer };
}
