/**
 * Finding a household by what she remembers of it: the start or the middle of a name, in any order, without
 * minding accents, capitals or apostrophes. *ngan* finds Ng'ang'a, whichever apostrophe the name is written with.
 */
import type { HouseholdLine } from './rows';

export interface Found {
  readonly home: HouseholdLine;
  /** The members whom the words are about, where the household's own line does not say them. */
  readonly members: readonly string[];
}

/** Letters and figures, small and without accents; apostrophes and other marks are not there. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{N}\s]/gu, '')
    .toLowerCase();

/** The households in which every word occurs, each with the members found by name. */
export function search(homes: readonly HouseholdLine[], typed: string): readonly Found[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return homes.map((home) => ({ home, members: [] }));
  return homes.flatMap((home) => {
    const shown = plain([home.head_name, home.village, home.landmark, home.phone].filter(Boolean).join(' '));
    const names = (home.names ?? '').split('\n').filter(Boolean);
    const everything = `${shown} ${plain(names.join(' '))}`;
    if (!words.every((word) => everything.includes(word))) return [];
    const unsaid = words.filter((word) => !shown.includes(word));
    return [{ home, members: names.filter((name) => unsaid.some((word) => plain(name).includes(word))) }];
  });
}
