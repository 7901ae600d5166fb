/** What happens at the server: people at its desks, promoters sent elsewhere, a store brought back from a copy. */
import { AREAS, ASSISTANTS, NURSE, PROMOTERS, type World, note, tellStory } from './world';

interface Look {
  readonly homes: readonly (readonly [unit: number, household: number, area: number])[];
  readonly referrals: readonly (readonly [unit: number, household: number, person: number, referral: number])[];
  readonly assessments: readonly (readonly [unit: number, household: number, person: number, event: number])[];
}

/** A nurse or an assistant states something on the server's pages. */
export async function atTheDesk(world: World): Promise<void> {
  const { chance } = world;
  const { referrals, assessments } = await world.server.ask<Look>('look');
  if (referrals.length > 0 && chance.luck(0.6)) {
    const [unit, household, person, target] = chance.pick(referrals);
    const seen = chance.luck(0.5);
    await stateAtDesk(world, NURSE, {
      unit,
      household,
      person,
      target,
      kind: seen ? 'referral.seen' : 'referral.arrived',
      observations: [{ concept: 'evidence', code: 'facility_desk' }, ...(seen ? [{ concept: 'referral_outcome', code: 'treated' }] : [])],
    });
  } else if (assessments.length > 0) {
    const [unit, household, person, target] = chance.pick(assessments);
    await stateAtDesk(world, chance.pick(ASSISTANTS), {
      unit,
      household,
      person,
      target,
      kind: 'event.corrected',
      observations: [{ concept: 'weight_kg', number: chance.between(60, 140) / 10 }],
    });
  }
}

export async function moveHousehold(world: World): Promise<void> {
  const { homes } = await world.server.ask<Look>('look');
  if (homes.length === 0) return;
  const [unit, household] = world.chance.pick(homes);
  const to = world.chance.pick(AREAS);
  const there = world.phones.find(({ db }) => db.rows('SELECT 1 FROM home WHERE household = :household', { household }).length > 0);
  if (there !== undefined && world.chance.luck(0.6)) await tellStory(world, there, 'calls'); // and she does not know yet
  await stateAtDesk(world, world.chance.pick(ASSISTANTS), {
    unit,
    household,
    kind: 'household.moved',
    observations: [
      { concept: 'to_unit', number: to.unit },
      { concept: 'to_area', number: to.area },
    ],
  });
}

async function stateAtDesk(world: World, author: number, draft: Readonly<Record<string, unknown>>): Promise<void> {
  world.hasCopy = false;
  const { receipts } = await world.server.ask<{ receipts: readonly (readonly unknown[])[] }>('state', {
    author,
    drafts: [draft],
    now: world.now,
  });
  note(world, `desk: ${draft.kind} ${draft.household} → ${JSON.stringify(receipts[0])}`);
}

/** A promoter gets another area; her phones follow. */
export async function sendElsewhere(world: World): Promise<void> {
  const account = world.chance.pick(PROMOTERS);
  const { area } = world.chance.pick(AREAS);
  note(world, `promoter ${account} is sent to area ${area}`);
  await world.server.ask('post', { account, area });
}

/**
 * The server's store is copied, and later brought back: what came between is lost there. Phones have what
 * they stated themselves; so a copy is of no use here any more once somebody else has stated something.
 */
export async function copyOrBringBack(world: World): Promise<void> {
  note(world, world.hasCopy ? 'the server is brought back from a copy' : 'the server is copied');
  await world.server.ask(world.hasCopy ? 'bring_back' : 'back_up');
  world.wasBroughtBack ||= world.hasCopy;
  world.hasCopy = !world.hasCopy;
}
