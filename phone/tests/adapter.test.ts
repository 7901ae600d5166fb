/** The thin layer over SQLite's WebAssembly build. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { WrappedDatabase } from '../src/db/adapter';
import { loadSqlite, openMemory } from '../src/db/node';

let db: WrappedDatabase;

beforeEach(async () => {
  db = await openMemory();
  db.script('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
});

const names = (): unknown[] => db.rows<{ name: unknown }>('SELECT name FROM t ORDER BY id').map((row) => row.name);

describe('values', () => {
  it('keeps 53-bit ids, fractions, text and null as they are', () => {
    const params = { a: 9_007_199_254_740_991, b: 0.1, c: 'Wanjikũ\0', d: null, e: -5_000_000_000, f: '', g: '\ufeffx' };
    expect(db.rows('SELECT :a AS a, :b AS b, :c AS c, :d AS d, :e AS e, :f AS f, :g AS g', params)).toEqual([params]);
  });

  it('ignores a parameter the statement does not name and refuses one that is missing', () => {
    expect(db.rows('SELECT :a AS a', { a: 1, b: 2 })).toEqual([{ a: 1 }]);
    expect(() => db.rows('SELECT :a AS a', { b: 2 })).toThrow('no value for :a');
  });

  it('sees new columns after a script', () => {
    expect(db.rows('SELECT * FROM t')).toEqual([]);
    db.run("INSERT INTO t VALUES (1, 'a')");
    db.script('ALTER TABLE t ADD COLUMN age INTEGER');
    expect(db.rows('SELECT * FROM t')).toEqual([{ id: 1, name: 'a', age: null }]);
  });
});

describe('statements', () => {
  it('are planned once, whatever the values of a call', () => {
    db.script("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')");
    const some = (limit: number): number => db.rows('SELECT name FROM t ORDER BY name DESC LIMIT :limit', { limit }).length;
    expect([1, 2, 3].map(some)).toEqual([1, 2, 3]);
    expect(db.rows("SELECT SUM(reprep) AS n FROM sqlite_stmt WHERE sql LIKE '%LIMIT :limit'")).toEqual([{ n: 0 }]);
  });
});

describe('transactions', () => {
  it('roll back when the work throws, and the statement cache survives it', () => {
    const insert = (name: string): void => db.run('INSERT INTO t (name) VALUES (:name)', { name });
    expect(() =>
      db.transaction(() => {
        insert('lost');
        throw new Error('killed');
      }),
    ).toThrow('killed');
    db.transaction(() => insert('kept'));
    expect(names()).toEqual(['kept']);
  });

  it('nest: an inner one undoes only itself', () => {
    db.transaction(() => {
      db.run("INSERT INTO t (name) VALUES ('outer')");
      expect(() =>
        db.transaction(() => {
          db.run("INSERT INTO t (name) VALUES ('inner')");
          throw new Error('inner');
        }),
      ).toThrow('inner');
    });
    expect(names()).toEqual(['outer']);
  });
});

describe('whole files', () => {
  it('reads a file that is handed in, while the work runs', async () => {
    const open = await loadSqlite();
    const other = open();
    other.script("CREATE TABLE s (name TEXT); INSERT INTO s VALUES ('from the file')");
    const file = other.image();
    db.attached(file, (schema) => db.transaction(() => db.run(`INSERT INTO t (name) SELECT name FROM ${schema}.s`)));
    expect(names()).toEqual(['from the file']);
    expect(() => db.rows('SELECT * FROM handed_in.s')).toThrow('no such table');
    expect(open(file).rows('SELECT * FROM s')).toEqual([{ name: 'from the file' }]);
  });

  it('leaves the statements of the connection prepared', async () => {
    const other = (await loadSqlite())();
    other.script('CREATE TABLE s (name TEXT)');
    const prepared = (): unknown => db.rows("SELECT SUM(reprep) AS n FROM sqlite_stmt WHERE sql LIKE 'SELECT name FROM t %'")[0];
    names();
    const before = prepared();
    for (let n = 0; n < 2; n += 1) db.attached(other.image(), (schema) => db.rows(`SELECT * FROM ${schema}.s`));
    names();
    expect(prepared()).toEqual(before);
  });

  it('refuses what is not a database and lets go of it', () => {
    const junk = new TextEncoder().encode('not a database at all'.repeat(60));
    expect(() => db.attached(junk, (schema) => db.rows(`SELECT * FROM ${schema}.sqlite_master`))).toThrow();
    expect(db.attached(new Uint8Array(0), () => 'again')).toBe('again');
  });
});
