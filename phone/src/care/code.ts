/**
 * The short code on a referral slip: read out over a telephone, typed at a desk.
 *
 * It is the referral's id in another dress, so two referrals never share one: device number and counter
 * are paired into one number, that is stirred (so that a phone's next code looks different) and written in
 * an alphabet without look-alikes, and a check letter follows that catches one wrong letter or two swapped.
 */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'; // no 0 O, 1 I L
const BASE = BigInt(LETTERS.length); // 31, a prime: what the check letter rests on
const LENGTH_MIN = 6;
const STIR = 618_033_989n; // not a multiple of 31, so stirring loses nothing
const COUNTERS = 2n ** 32n;

/** The code of a referral, e.g. `K7M2P4X`: seven letters, or more once phones have written very much. */
export function codeOf(referral: number): string {
  const id = BigInt(referral);
  const paired = pair(id / COUNTERS, id % COUNTERS);
  let length = LENGTH_MIN;
  let lowest = 0n; // codes of a length stand for the numbers that shorter ones have left over
  while (paired - lowest >= BASE ** BigInt(length)) {
    lowest += BASE ** BigInt(length);
    length += 1;
  }
  let rest = ((paired - lowest) * STIR) % BASE ** BigInt(length);
  let code = '';
  for (let n = 0; n < length; n += 1) {
    code = LETTERS[Number(rest % BASE)] + code;
    rest /= BASE;
  }
  return code + checkLetter(code);
}

/** As it is shown: a space in the middle helps the eye. */
export const spaced = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`.trim();

/** Whether what somebody typed can be a code. */
export function isCode(typed: string): boolean {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return code.length > LENGTH_MIN && checkLetter(code.slice(0, -1)) === code.at(-1);
}

/** One number for two, none left out (Szudzik): numbers below n² for devices and counters below n. */
const pair = (a: bigint, b: bigint): bigint => (a < b ? b * b + a : a * a + a + b);

function checkLetter(code: string): string | undefined {
  const sum = [...code].reduce((total, letter, n) => total + (n + 2) * LETTERS.indexOf(letter), 0);
  return LETTERS[((sum % LETTERS.length) + LETTERS.length) % LETTERS.length];
}
