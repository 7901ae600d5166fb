/** The phone's side on the vectors of events and digests: the shape of what travels, and the sums. */
import Ajv2020 from 'ajv/dist/2020';
import { describe, expect, it } from 'vitest';
import schema from '../../contract/event.schema.json';
import digests from '../../contract/vectors/digests.json';
import events from '../../contract/vectors/events.json';
import { DIGEST_MODULUS, mix } from '../../phone/src/domain/ids';

const hasShape = new Ajv2020({ strict: false }).compile(schema);

describe('contract vectors', () => {
  it.each(events.events)('$says', ({ event, shape }) => {
    expect(hasShape(event)).toBe(shape);
  });

  it('digests of households add up to the total', () => {
    let [events, sum] = [0, 0];
    for (const { ids, digest } of digests.households) {
      const own = ids.reduce((all, id) => (all + mix(id)) % DIGEST_MODULUS, 0);
      expect([ids.length, own]).toEqual(digest);
      [events, sum] = [events + ids.length, (sum + own) % DIGEST_MODULUS];
    }
    expect([events, sum]).toEqual(digests.total);
  });
});
