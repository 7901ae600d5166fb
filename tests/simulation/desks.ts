/** What happens at the server: people at its desks, promoters sent elsewhere, a store brought back from a copy. */
import { takeNewNumber } from '../../phone/src/sync/renew';
import { AREAS, ASSISTANTS, NURSE, PROMOTERS, type World, note, tellStory } from './world';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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

/** What the desk states. With a clock that its records contradict, it refuses to. */
async function stateAtDesk(world: World, author: number, draft: Readonly<Record<string, unknown>>): Promise<void> {
  const said = await world.server.ask<{ receipts?: readonly (readonly unknown[])[]; problem?: { code: string } }>('state', {
    author,
    drafts: [draft],
    now: world.now + world.serverSkew,
  });
  note(world, `desk: ${draft.kind} ${draft.household} → ${JSON.stringify(said.receipts?.[0] ?? said.problem?.code)}`);
}

/** The server's machine takes a wrong time for the right one, or is put right; then, mostly, somebody confirms it. */
export async function turnServerClock(world: World): Promise<void> {
  const { chance } = world;
  world.serverSkew = world.serverSkew === 0 ? chance.pick([365 * DAY_MS, 365 * DAY_MS, 30 * DAY_MS, 5 * HOUR_MS, -5 * HOUR_MS]) : 0;
  world.serverWasSkewed ||= world.serverSkew !== 0;
  note(world, `the server's clock is ${world.serverSkew / HOUR_MS} h off`);
  if (world.serverSkew === 0 && chance.luck(0.7)) await confirmServerClock(world);
}

export async function confirmServerClock(world: World): Promise<void> {
  note(world, "the server's clock is confirmed");
  await world.server.ask('clock', { now: world.now });
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
 * they stated themselves, and keep what they were told by a desk that does not remember it.
 */
export async function copyOrBringBack(world: World): Promise<void> {
  note(world, world.hasCopy ? 'the server is brought back from a copy' : 'the server is copied');
  await world.server.ask(world.hasCopy ? 'bring_back' : 'back_up', { silently: world.restoresSilently });
  if (world.hasCopy) await takeNumbersAgain(world);
  world.wasBroughtBack ||= world.hasCopy;
  world.hasCopy = !world.hasCopy;
}

/** Phones that enrolled after the copy was made are strangers now: their promoters log in again. */
async function takeNumbersAgain(world: World): Promise<void> {
  for (const phone of world.phones.filter((one) => one.enrolledAfterCopy)) {
    const enrolled = await world.doors.enrol(phone.account);
    takeNewNumber(phone.ledger, enrolled);
    world.numbersGiven.push(enrolled.device);
    phone.enrolledAfterCopy = false;
    note(world, `${phone.name}: enrolled again as device ${enrolled.device}`);
  }
}
