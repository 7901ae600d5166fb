// @vitest-environment jsdom
/**
 * Every case of every form, filled in twice: by our runner, and by ODK's engine on the XForm that
 * pyxform makes of the same file. Relevance and values must agree question by question, after every
 * answer; at the end the case's own expectations must hold.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answer, finish, introduces, problems, startRun, valueOf, type Answer, type Context } from '../../phone/src/forms';
import { dayOfText, toText } from '../../phone/src/forms/evaluate';
import { nameOf } from '../../phone/src/forms/paths';
import { planOf } from '../../phone/src/forms/plan';
import { compiledForms, standardsOf, wholeCase } from './compiled';
import { compare, Engine, give, nodesOf, validity } from './odk_engine';

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
    let run = startRun(model, context, undefined, story.members, standardsOf(form, one));
    const engine = new Engine(xform);
    compare(run, await engine.leaves(run), 'opening');

    let stopped: { at: string; kind: string } | undefined;
    const asked = new Set<string>();
    for (;;) {
      // What is asked may change with every answer: the first that has not been given yet is next.
      const next = nodesOf(run).find(([path]) => story.answers[path] !== undefined && run.relevant[path] && !asked.has(path));
      if (!next) break;
      const [path, question] = next;
      asked.add(path);
      const given = story.answers[path] as Answer;
      const value = question.type === 'date' ? (dayOfText(String(given)) ?? given) : given;
      const leaf = (await engine.leaves(run)).get(path);
      const result = answer(run, path, value, true);
      run = result.run;
      if (!leaf) throw new Error(`the engine has no ${path}`);
      if (result.problem) {
        stopped = { at: path, kind: result.problem.kind };
        if (result.problem.kind !== 'constraint') break; // ranges are the concept's, not the XForm's
      }
      give(leaf, value, question.type === 'date');
      expect(validity(leaf).constraint, `the engine's view of ${path}`).toBe(!stopped);
      if (stopped) break;
      compare(run, await engine.leaves(run), path);
    }
    const strange = Object.keys(story.answers).filter((path) => !planOf(model).byName.has(nameOf(path)));
    expect(strange, 'answers to questions that are not in the form').toEqual([]);
    if (!stopped) {
      const leaves = await engine.leaves(run);
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
    const newcomers = Object.fromEntries(
      introduces(run)
        .filter(({ where }) => where !== '')
        .map(({ where }, index) => [where, 1001 + index]),
    );
    const events = finish(run, { ...IDS, newcomers });
    if (one.persons) expect(events.map(({ person }) => person)).toEqual(one.persons);
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
