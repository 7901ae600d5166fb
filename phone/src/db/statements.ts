/**
 * Named SQL, as in the server's rooms. A room keeps its statements in `queries.sql`; this reads them.
 *
 *     -- name: visit_of_event
 *     -- One line on what it gives.
 *     SELECT … WHERE unit = :unit
 */

/** The statements of one file, by name. Throws for a name that the file does not have. */
export function statements(text: string): (name: string) => string {
  const [, ...parts] = text.split(/^-- name: ([a-z_0-9]+)[ \t]*$/m);
  const named = new Map<string, string>();
  for (let n = 0; n + 1 < parts.length; n += 2) named.set(parts[n] as string, (parts[n + 1] as string).trim().replace(/;$/, ''));
  return (name) => {
    const found = named.get(name);
    if (found === undefined) throw new Error(`no statement ${name}`);
    return found;
  };
}
