/**
 * The sections of a household's and of a person's page, as the programmes of the pack have them (`display`):
 * each part with the rows that its statement gives. What has no rows is not there.
 */
import type { Mark, Part, Section, Subject } from '../domain/display';
import { statements } from '../db/statements';
import { today, type Ledger } from '../events/append';
import queries from './queries.sql?raw';
import { where } from './where';

const sql = statements(queries);

export type Row = Readonly<Record<string, string | number | null>>;

/** A part with its rows; `curves` are those of a line's reference. */
export interface Shown {
  readonly part: Part;
  readonly rows: readonly Row[];
  readonly curves: readonly Row[];
}

export interface ShownSection {
  readonly section: Section;
  /** The row that the heading speaks of, if it has one. */
  readonly heading: Row | undefined;
  readonly parts: readonly Shown[];
}

/** The sections about a household (person 0), or about one of its members. */
export function sections(ledger: Ledger, about: Subject, household: number, person = 0): readonly ShownSection[] {
  const { display } = ledger.pack();
  if (!display) return []; // a pack of an earlier release
  const given: Record<string, number> = { ...where(ledger, household), person, today: today(ledger) };
  const texts = new Map(display.statements.map(({ name, sql: text }) => [name, text]));
  const asked = new Map<string, readonly Row[]>();
  const rows = (name: string | undefined): readonly Row[] => {
    if (name === undefined) return [];
    const text = texts.get(name) ?? '';
    const found = asked.get(name) ?? ledger.db.rows<Row>(text, used(text, given));
    asked.set(name, found);
    return found;
  };
  const facts = (): readonly Row[] => {
    const found = asked.get('') ?? ledger.db.rows<Row>(sql('latest_findings'), used(sql('latest_findings'), given));
    asked.set('', found);
    return found;
  };
  return display.sections.flatMap((section) => {
    if (section.about !== about) return [];
    const parts = section.part.flatMap((part) =>
      part.only === 'pages'
        ? []
        : [
            {
              part,
              rows:
                part.draw === 'facts'
                  ? facts().filter(({ concept }) => part.facts.some((fact) => fact.concept === concept))
                  : rows(part.rows),
              curves: part.draw === 'line' ? rows(part.curves) : [],
            },
          ],
    );
    // How a household lives is asked of everybody: what is not known is shown as not known.
    const drawn = parts.filter((shown) => shown.rows.length > 0 || (shown.part.draw === 'facts' && about === 'household'));
    return drawn.length > 0 ? [{ section, heading: rows(section.heading?.rows)[0], parts: drawn }] : [];
  });
}

/** Whom the marks of a household's members are about, and since when. */
export function marksOf(
  ledger: Ledger,
  household: number,
): { readonly mark: Mark; readonly person: number; readonly day: number | null }[] {
  const { display } = ledger.pack();
  const given = { ...where(ledger, household), today: today(ledger) };
  return (display?.marks ?? []).flatMap((mark) => {
    const text = display?.statements.find(({ name }) => name === mark.rows)?.sql ?? '';
    return ledger.db.rows<{ person: number; day: number | null }>(text, used(text, given)).map((row) => ({ mark, ...row }));
  });
}

/** The parameters that a statement uses. */
const used = (text: string, given: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => new RegExp(`:${name}\\b`).test(text)));
