/**
 * The direction of the phone's imports, as Import Linter keeps the server's. A room imports only from rooms
 * further left:
 *
 *   domain ← db ← events ← record, signals ← forms ← visits ← care ← access ← sync, views ← engine ← page
 *
 * The page (everything that draws) talks to the engine by calls, and takes from the other rooms only types and
 * the pure parts that `PURE` names: it never holds the database.
 */
const ROOMS = [
  ['domain'],
  ['db'],
  ['events'],
  ['record', 'signals'],
  ['forms'],
  ['visits'],
  ['care'],
  ['access'],
  ['sync', 'views'],
  ['engine'],
];
const PAGE = '^phone/src/(screens|ui|i18n|[^/]+$)';
/** Files without a database, which page and engine both run. */
const PURE =
  '^phone/src/(domain/|forms/(index|run|evaluate|plan|finish|validate|model)\\.ts|care/code\\.ts|access/pin\\.ts|views/(discretion|search)\\.ts|engine/rpc\\.ts)';

const rooms = ROOMS.flat();
const inside = (names) => `^phone/src/(${names.join('|')})/`;

/** From each room, everything to its right and its neighbours is forbidden. */
const direction = ROOMS.flatMap((abreast, place) =>
  abreast.map((room) => {
    const right = ROOMS.slice(place)
      .flat()
      .filter((other) => other !== room);
    return {
      name: `${room}-imports-from-its-left`,
      severity: 'error',
      comment: 'A room imports only from its left.',
      from: { path: inside([room]) },
      to: { path: right.length > 0 ? inside(right) : '^$', ...exceptions(room) },
    };
  }),
);

/** The form model is a type that the pack consists of; folding and rules are one pair. */
function exceptions(room) {
  if (room === 'domain') return { pathNot: '^phone/src/forms/model\\.ts$' };
  if (room === 'record') return { pathNot: '^phone/src/signals/evaluate\\.ts$' };
  if (room === 'signals') return { pathNot: '^phone/src/record/' };
  return {};
}

export default {
  forbidden: [
    ...direction,
    {
      name: 'no-room-without-a-place',
      severity: 'error',
      comment: 'A new folder gets its place in ROOMS (or is part of the page).',
      from: {},
      to: { path: '^phone/src/[^/]+/', pathNot: `${inside([...rooms, 'screens', 'ui', 'i18n'])}` },
    },
    {
      name: 'rooms-do-not-draw',
      severity: 'error',
      comment: 'Nothing in a room knows that there are screens.',
      from: { path: inside(rooms) },
      to: { path: PAGE },
    },
    {
      name: 'page-holds-no-database',
      severity: 'error',
      comment: 'The page asks the engine; it imports no code that needs the database.',
      from: { path: PAGE },
      to: { path: inside(rooms), pathNot: PURE, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or three.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-missing',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '(\\?(raw|url)$|^virtual:)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: '^phone/src',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'phone/tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.svelte.ts', '.svelte', '.js', '.json'] },
  },
};
