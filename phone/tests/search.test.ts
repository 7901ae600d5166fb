import { describe, expect, it } from 'vitest';
import type { HouseholdLine } from '../src/views/rows';
import { search } from '../src/views/search';

const home = (household: number, head_name: string, ...names: string[]): HouseholdLine => ({
  household,
  head_name,
  village: 'Umoja',
  landmark: null,
  phone: '0700 000 001',
  members: names.length,
  names: names.join('\n'),
  visits: null,
});
const HOMES = [
  home(1, "Grace Ng'ang'a", "Grace Ng'ang'a", "Amani Ng'ang'a"),
  home(2, 'Peter Otieno', 'Peter Otieno', 'Baraka Otieno', 'Zawadi Ng’ang’a'),
  home(3, 'Renée Achieng'),
];
const found = (typed: string): [number, readonly string[]][] => search(HOMES, typed).map((one) => [one.home.household, one.members]);

describe('search', () => {
  it.each(['ngan', "Ng'an", 'Ng’an', 'NGANGA', 'ngʼanga'])('%s finds both spellings', (typed) => {
    expect(found(typed)).toEqual([
      [1, []],
      [2, ['Zawadi Ng’ang’a']],
    ]);
  });
  it('names the member who was found, and nobody where the household says it itself', () => {
    expect(found('baraka')).toEqual([[2, ['Baraka Otieno']]]);
    expect(found('otieno')).toEqual([[2, []]]);
    expect(found('amani grace')).toEqual([[1, ["Amani Ng'ang'a"]]]);
  });
  it('minds neither accents nor gaps in a number, and finds everything for nothing', () => {
    expect(found('renee')).toEqual([[3, []]]);
    expect(found('umoja 000')).toHaveLength(3);
    expect(found('  ')).toHaveLength(3);
    expect(found('wanjiru')).toEqual([]);
  });
});
