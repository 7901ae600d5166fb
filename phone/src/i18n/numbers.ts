/** The numbers that a signal's wording shows. */
import { dayText, numberText } from './format';

interface Evidence {
  readonly number_1: number | null;
  readonly number_2: number | null;
  readonly last_day?: number;
  readonly day?: number | null;
}

export function numbersOf(evidence: Evidence): Readonly<Record<string, string>> {
  const day = evidence.last_day ?? evidence.day;
  return {
    number_1: evidence.number_1 === null ? '–' : numberText(evidence.number_1),
    number_2: evidence.number_2 === null ? '–' : numberText(evidence.number_2),
    last_day: dayText(day),
  };
}
