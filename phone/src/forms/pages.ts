/** The screens of a form as it stands, and what is missing or wrong on them. */
import { evaluate, toBoolean } from './evaluate';
import type { Labels, Question } from './model';
import { instanceOf, pathOf } from './paths';
import type { Run } from './run';
import { understand, type Problem } from './validate';
import { choicesOf, environmentOf, standing, withValues } from './values';

/**
 * A question in its instance: its `name` is its path there, its `choices` are those offered there, and its
 * wording shows the values of that instance.
 */
export interface Asked extends Question {
  /** The instance of a repeat that it stands in, '' outside. */
  readonly where: string;
}

/** A screen: one question, or a group that is asked together. */
export interface Screen {
  /** Path of the question or of the group. */
  readonly id: string;
  /** The instance of a repeat that it stands in, '' outside. */
  readonly where: string;
  readonly questions: readonly Asked[];
}

/** A screen as it stands: only what is relevant. */
export interface Page extends Screen {
  /** Headings of the groups and repeats it is in, outermost first, with the values of its instance. */
  readonly headings: readonly Labels[];
}

/** All screens, whether something on them is relevant or not. */
export function screens(run: Run): readonly Screen[] {
  const found: { id: string; where: string; questions: Asked[] }[] = [];
  const walk = (questions: readonly Question[], where: string, depth: number): void => {
    for (let at = 0; at < questions.length;) {
      const question = questions[at] as Question;
      const repeat = question.group?.slice(depth).find((name) => run.model.groups[name]?.repeat);
      if (repeat !== undefined) {
        const inside = questions.slice(at).filter(({ group }) => group?.includes(repeat));
        const within = (question.group?.indexOf(repeat) ?? 0) + 1;
        for (const key of run.instances[pathOf(where, repeat)] ?? []) walk(inside, instanceOf(where, repeat, key), within);
        at += inside.length;
        continue;
      }
      at += 1;
      if (question.type === 'calculate') continue;
      const together = question.group?.find((name) => run.model.groups[name]?.one_page);
      const id = pathOf(where, together ?? question.name);
      const asked = { ...question, name: pathOf(where, question.name), where };
      const last = found.at(-1);
      if (together !== undefined && last?.id === id) last.questions.push(asked);
      else found.push({ id, where, questions: [asked] });
    }
  };
  walk(run.model.questions, '', 0);
  return found;
}

/** The screens with something relevant on them, in order. */
export function pages(run: Run): readonly Page[] {
  return screens(run).flatMap(({ id, where, questions }) => {
    const shown = questions.filter(({ name }) => run.relevant[name]).map((asked) => inInstance(run, asked));
    const [first] = shown;
    if (!first) return [];
    const headings = (first.group ?? [])
      .map((group) => filled(run, run.model.groups[group]?.label, where))
      .filter((label) => label !== undefined);
    return [{ id, where, questions: shown, headings }];
  });
}

function inInstance(run: Run, asked: Asked): Asked {
  const offered = asked.choice_filter ? { ...asked, choices: choicesOf(run, asked.name) } : asked;
  if (asked.where === '') return offered;
  const [label, hint, message] = [asked.label, asked.hint, asked.constraint_message].map((words) => filled(run, words, asked.where));
  return { ...offered, ...(label ? { label } : {}), ...(hint ? { hint } : {}), ...(message ? { constraint_message: message } : {}) };
}

/** A wording with the values of an instance in it; outside repeats it is as it stands. */
function filled(run: Run, labels: Labels | undefined, where: string): Labels | undefined {
  if (labels === undefined || where === '') return labels;
  return Object.fromEntries(Object.entries(labels).map(([language, text]) => [language, withValues(run, text, where)]));
}

/** The screen she is on, or undefined past the last one: the form is ready to be finished. */
export function current(run: Run): Page | undefined {
  if (run.at === '') return undefined;
  const order = screens(run).map(({ id }) => id);
  const from = order.indexOf(run.at);
  return pages(run).find(({ id }) => order.indexOf(id) >= from);
}

/** What stands in the way of going on from a screen. */
export function problemsOn(run: Run, page: Page): readonly Problem[] {
  return page.questions.flatMap((question) => {
    const { name } = question;
    const environment = environmentOf(run, name);
    const given = standing(run, name);
    if (given === undefined) {
      const needed = question.required && toBoolean(evaluate(question.required, environment));
      return needed ? [{ name, kind: 'required' as const }] : [];
    }
    const { problem } = understand(question, name, given, { sure: true, environment });
    return problem ? [problem] : [];
  });
}

/** What stands in the way of finishing, in order. */
export const problems = (run: Run): readonly Problem[] => pages(run).flatMap((page) => problemsOn(run, page));
