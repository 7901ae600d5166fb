/**
 * Forms: what screens need to fill one in. A `Run` is plain data and never changed in place: store
 * `save(run)` after every answer, hand it to `startRun` to go on, also after an update of the form.
 */
export type * from './model';
export { FORM_MODEL } from './model';
export type { Day, Value } from './evaluate';
export type { Answer, Asked, Context, Member, Page, Problem, Run, SavedRun, Standards } from './run';
export { answer, back, current, goTo, next, offered, pages, problems, problemsOn, save, startRun, valueOf, wording } from './run';
export type { FinishIds, Newcomer, Suggestion } from './finish';
export { answersOf, finish, introduces, suggestion } from './finish';
