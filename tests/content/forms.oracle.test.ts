// @vitest-environment jsdom
/**
 * Every case of every form, filled in twice: by our runner, and by ODK's engine on the XForm that
 * pyxform makes of the same file. Relevance and values must agree question by question, after every
 * answer; at the end the case's own expectations must hold.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answer, finish, problems, startRun, valueOf, type Context } from '../../phone/src/forms';
import { dayOfText, toText } from '../../phone/src/forms/evaluate';
import { compiledForms, wholeCase } from './compiled';
import { compare, engineRun, give, leavesOf, validity, withContext } from './odk_engine';

const forms = compiledForms();
const IDS = { household: 101, person: 102, visit: 103 };

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});
afterAll(() => {
  vi.useRealTimers();
});

describe.each(Object.keys(forms))('%s', (id) => {
  const form = forms[id];
  if (!form) throw new Error(id);
  const { model, xform, cases } = form;

  it('has cases', () => expect(cases?.cases.length).toBeGreaterThan(0));

  it.each((cases?.cases ?? []).map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const all = cases?.cases ?? [];
    const story = wholeCase(all, one);
    const today = dayOfText(cases?.today ?? '') ?? NaN;
    vi.useFakeTimers({ toFake: ['Date'], now: today * 86_400_000 + 43_200_000 });
    const context: Context = { ...story.context, today };
    const strange = Object.keys(story.answers).filter((name) => !model.questions.some((question) => question.name === name));
    expect(strange).toEqual([]);

    let run = startRun(model, context);
    const leaves = leavesOf(await engineRun(withContext(xform, model, context)));
    compare(run, leaves, 'opening');

    let stopped: { at: string; kind: string } | undefined;
    for (const question of model.questions) {
      const given = story.answers[question.name];
      if (given === undefined || !run.relevant[question.name]) continue;
      const value = question.type === 'date' ? (dayOfText(String(given)) ?? given) : given;
      const result = answer(run, question.name, value, true);
      run = result.run;
      const leaf = leaves.get(question.name);
      if (!leaf) throw new Error(`the engine has no ${question.name}`);
      if (result.problem) {
        stopped = { at: question.name, kind: result.problem.kind };
        if (result.problem.kind !== 'constraint') break; // ranges are the concept's, not the XForm's
      }
      give(leaf, value, question.type === 'date');
      expect(validity(leaf).constraint, `the engine's view of ${question.name}`).toBe(!stopped);
      if (stopped) break;
      compare(run, leaves, question.name);
    }
    if (!stopped) {
      const missing = [...leaves].filter(([, leaf]) => leaf.currentState.relevant && !validity(leaf).required).map(([name]) => name);
      expect(problems(run).map(({ name }) => name)).toEqual(missing);
      const [left] = problems(run);
      stopped = left && { at: left.name, kind: left.kind };
    }
    expect(stopped).toEqual(one.stops);

    for (const [name, value] of Object.entries(one.values ?? {})) expect([name, toText(valueOf(run, name))]).toEqual([name, String(value)]);
    for (const name of one.shown ?? []) expect([name, run.relevant[name]]).toEqual([name, true]);
    for (const name of one.hidden ?? []) expect([name, run.relevant[name]]).toEqual([name, false]);
    if (stopped) return;
    const events = finish(run, IDS);
    if (one.events) expect(events.map(({ kind }) => kind)).toEqual(one.events);
    const stated = new Map(
      events
        .flatMap(({ observations }) => observations)
        .map(({ concept, number, code, text }) => [concept, number ?? code ?? text ?? null]),
    );
    for (const [concept, value] of Object.entries(one.states ?? {}))
      expect([concept, stated.get(concept) ?? null]).toEqual([concept, value]);
  });
});
