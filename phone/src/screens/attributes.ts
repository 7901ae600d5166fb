/** What can be put right of a person, in the order in which it is shown. */
import type { PersonDetail } from '../views/details';

export type Value = string | number | null | undefined;
export type Line = readonly [concept: string, value: Value];

/** Each concept with the value that counts now. Of who does not agree, only what is kept all the same. */
export function attributesOf({ person, refused }: Pick<PersonDetail, 'person' | 'refused'>): readonly Line[] {
  const kept: readonly Line[] = [
    ['given_name', person.given_name],
    ['middle_name', person.middle_name],
    ['family_name', person.family_name],
    ['birth_day', person.birth_day],
    ['sex', person.sex],
    ['relationship', person.relationship],
  ];
  return refused ? kept : [...kept, ['disability', person.disability], ['person_phone', person.phone]];
}
