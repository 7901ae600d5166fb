/**
 * The short code on a referral slip: read out over a telephone, typed at a desk.
 *
 * It is drawn at random, so that nobody works it out from another, in an alphabet without look-alikes; a check
 * letter follows that catches one wrong letter or two swapped. hodi/domain/codes.py says the same.
 */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'; // no 0 O, 1 I L; 31, a prime: what the check letter rests on
const DRAWN = 8;
const LENGTH_MIN = 7; // of the codes before, which followed from the referral's number

/** A number from 0 to n - 1, each as likely as another. */
export type Draw = (n: number) => number;

/** Chance as the browser's cryptography gives it; bytes that would favour a letter are drawn anew. */
export function drawSecurely(n: number): number {
  const byte = new Uint8Array(1);
  do crypto.getRandomValues(byte);
  while ((byte[0] ?? 0) >= 256 - (256 % n));
  return (byte[0] ?? 0) % n;
}

/** A new code of nine letters, e.g. `K7M2P4X3Q`. */
export function newCode(draw: Draw = drawSecurely): string {
  const code = Array.from({ length: DRAWN }, () => LETTERS[draw(LETTERS.length)]).join('');
  return code + checkLetter(code);
}

/** As it is shown: spaces between threes help the eye; the shorter codes before stay in two parts. */
export const spaced = (code: string): string =>
  (code.length === DRAWN + 1 ? (code.match(/.{3}/g) ?? [code]) : [code.slice(0, 4), code.slice(4)]).join(' ').trim();

/** Whether what somebody typed can be a code. */
export function isCode(typed: string): boolean {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return (
    code.length >= LENGTH_MIN && [...code].every((letter) => LETTERS.includes(letter)) && checkLetter(code.slice(0, -1)) === code.at(-1)
  );
}

function checkLetter(code: string): string | undefined {
  const sum = [...code].reduce((total, letter, n) => total + (n + 2) * LETTERS.indexOf(letter), 0);
  return LETTERS[sum % LETTERS.length];
}
