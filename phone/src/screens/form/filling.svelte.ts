/**
 * A form while it is filled in: what is answered, what stands in a field without being an answer yet, and what
 * is in the way. Every answer is on the disk before the next question appears.
 */
import {
  answer,
  back,
  current,
  goTo,
  next,
  pages,
  problemsOn,
  save,
  startRun,
  type Answer,
  type Page,
  type Problem,
  type Run,
} from '../../forms';
import { api } from '../../shell.svelte';
import type { DraftPlace, OpenForm } from '../../visits/drafts';

type Values = Readonly<Record<string, Answer | undefined>>;

/** Whether a question has its screen to itself: on one of several, others may still appear. */
export const isSingle = ({ id, questions }: Page): boolean => questions.length === 1 && questions[0]?.name === id;

export function filling(opened: OpenForm) {
  let run = $state.raw<Run>(startRun(opened.model, opened.context, opened.saved, opened.members, opened.standards));
  /** What she typed or chose here, word for word: also what is no possible answer. */
  let entered = $state.raw<Values>({});
  /** Entered, and not taken as an answer: why. */
  let refused = $state.raw<Readonly<Record<string, Problem>>>({});
  /** Questions whose problem is shown: those that stood in the way when she wanted to go on. */
  let marked = $state.raw<ReadonlySet<string>>(new Set());
  let failed = $state.raw<unknown>();
  let draft = $state.raw(opened.draft);
  let keeping: Promise<unknown> = Promise.resolve();
  /** Something was answered, or an answer was changed: a form that was only looked at leaves no draft. */
  let changed = false;
  let moving = false;

  const page = $derived(current(run));
  /** Text, not the page itself: the page is another object after every answer. */
  const pageId = $derived(page?.id ?? '');
  const shown = $derived(pages(run));
  const position = $derived(page ? shown.findIndex(({ id }) => id === page.id) + 1 : shown.length);
  const inTheWay = $derived(page ? problemsOf(page) : []);
  const marks = $derived(inTheWay.filter(({ name }) => marked.has(name)));

  function problemsOf(here: Page): readonly Problem[] {
    const found = new Map(problemsOn(run, here).map((problem) => [problem.name, problem]));
    return here.questions.flatMap(({ name }) => refused[name] ?? found.get(name) ?? []);
  }

  const place = (): DraftPlace => {
    const { form, household, person, amends } = opened;
    return { draft, form, household, person, amends };
  };

  /** Keep the answers; what she sees never runs ahead of the disk by more than this. */
  function keep(now: Run): Promise<void> {
    const saved = save(now);
    const keepNow = async (): Promise<void> => {
      if (draft !== null || changed) draft = await api.keepDraft(place(), saved);
    };
    keeping = keeping.catch(() => undefined).then(keepNow);
    return keeping.then(
      () => void (failed = undefined),
      (error: unknown) => {
        failed = error;
        throw error;
      },
    );
  }

  async function give(name: string, value: Answer | undefined, sure = false): Promise<void> {
    const given = answer(run, name, value, sure);
    const { [name]: _, ...others } = refused;
    changed ||= run.answers[name] !== undefined || given.run.answers[name] !== undefined;
    run = given.run;
    entered = { ...entered, [name]: value };
    refused = given.problem ? { ...others, [name]: given.problem } : others;
    marked = new Set([...marked].filter((one) => one !== name));
    await keep(run).catch(() => undefined);
  }

  /** A choice on a screen of its own answers it and moves on, unless she has moved on herself meanwhile. */
  async function choose(name: string, value: Answer | undefined): Promise<void> {
    const here = page;
    const onlyOne = here !== undefined && isSingle(here) && here.questions[0]?.type === 'select_one';
    await give(name, value);
    const stays = pageId === here?.id;
    if (onlyOne && stays && value !== undefined && refused[name] === undefined && failed === undefined) await forward();
  }

  /** She has measured again and is sure of the unlikely value. */
  const sure = (name: string): Promise<void> => give(name, entered[name], true);

  /** On, unless something is in the way; then that is marked. */
  async function forward(): Promise<void> {
    const here = page;
    if (!here) return;
    if (inTheWay.length > 0) return void (marked = new Set(inTheWay.map(({ name }) => name)));
    let { run: moved, problem } = next(run);
    if (moved.at === '') {
      problem = Object.values(refused).find(({ name }) => run.relevant[name]);
      if (problem) moved = goTo(run, problem.name);
    }
    await moveTo(moved);
    if (problem && pageId === moved.at) marked = new Set(inTheWay.map(({ name }) => name));
  }

  /** One step at a time: an impatient second tap must not pass over a question that she has not seen. */
  async function moveTo(moved: Run): Promise<void> {
    if (moving) return;
    moving = true;
    const before = run;
    try {
      await keep(moved);
      if (run === before) {
        run = moved; // had she changed her answer meanwhile, she would stay with it
        marked = new Set();
      }
    } catch {
      /* `failed` says why; she stays where she is */
    }
    moving = false;
  }

  return {
    give,
    choose,
    sure,
    forward,
    backward: () => moveTo(back(run)),
    edit: (name: string) => moveTo(goTo(run, name)),
    /** What a field shows: what was entered, else the answer of a draft. */
    inField: (name: string): Answer | undefined => (name in entered ? entered[name] : run.answers[name]),
    fail: (error: unknown) => void (failed = error),
    /** The draft, when everything given so far is on the disk. */
    kept: async (): Promise<number> => {
      changed = true;
      await keep(run);
      return draft ?? 0;
    },
    /** Forget everything that was answered. */
    discard: async (): Promise<void> => {
      await keeping.catch(() => undefined);
      if (draft !== null) await api.dropDraft(draft);
    },
    get isKept() {
      return draft !== null;
    },
    get run() {
      return run;
    },
    get page() {
      return page;
    },
    get pageId() {
      return pageId;
    },
    get pages() {
      return shown.length;
    },
    /** Which page of how many; past the last one, as many as there are. */
    get position() {
      return position;
    },
    get marks() {
      return marks;
    },
    get failed() {
      return failed;
    },
  };
}

export type Filling = ReturnType<typeof filling>;
