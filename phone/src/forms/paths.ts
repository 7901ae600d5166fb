/**
 * Where a question stands: its name, and in a repeat the instance before it, as in `members[2]/cough` or
 * `house[1]/member[3]/name`. Groups are no part of a path: names are unique in a form, so a question that
 * moves to another group keeps its answer.
 */

/** The path of a name in an instance; `where` is '' outside repeats. */
export const pathOf = (where: string, name: string): string => (where === '' ? name : `${where}/${name}`);

/** The instance of a repeat. */
export const instanceOf = (where: string, repeat: string, key: string): string => `${pathOf(where, repeat)}[${key}]`;

/** The instance that a path stands in, '' outside repeats. */
export const whereOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The name at the end of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The key of the innermost instance: `3` of `members[3]`. */
export const keyOf = (where: string): string => where.slice(where.lastIndexOf('[') + 1, -1);

/** The first `depth` instances of where something stands. */
export const outer = (where: string, depth: number): string => (depth === 0 ? '' : where.split('/').slice(0, depth).join('/'));

/** The repeats that an instance stands in, outermost first. */
export const repeatsOf = (where: string): readonly string[] =>
  where === '' ? [] : where.split('/').map((one) => one.slice(0, one.indexOf('[')));
