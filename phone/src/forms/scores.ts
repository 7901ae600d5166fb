/** Scores against published standards, by the LMS method (Cole and Green 1992); hodi/content/runner/scores.py holds the same. */

/** Lambda, median and coefficient of variation at one point of a standard's axis. */
export type Lms = readonly [l: number, m: number, s: number];

/** A place on the axis this close to a whole point is that point: decimal places are not exact in a machine. */
const NO_DIFFERENCE = 1e-6;

/**
 * The z-score of a value, rounded to two decimals; NaN where the standard says nothing of that place. Between
 * two points of the axis L, M and S are interpolated. `bounded`: beyond three standard deviations the score goes
 * on in steps of the last one, as WHO has it for weight and arm circumference.
 */
export function lmsScore(
  measure: string,
  at: number,
  value: number,
  bounded: boolean,
  standard: (measure: string, at: number) => Lms | undefined,
): number {
  if (!Number.isFinite(at) || !(value > 0) || !Number.isFinite(value)) return NaN;
  const point = Math.floor(at + NO_DIFFERENCE);
  const part = at - point > NO_DIFFERENCE ? at - point : 0;
  const below = standard(measure, point);
  const above = part > 0 ? standard(measure, point + 1) : below;
  if (!below || !above) return NaN;
  const [l, m, s] = [0, 1, 2].map((n) => (below[n] as number) + part * ((above[n] as number) - (below[n] as number))) as [
    number,
    number,
    number,
  ];
  let z = ((value / m) ** l - 1) / (l * s);
  if (bounded && Math.abs(z) > 3) {
    const side = z > 0 ? 1 : -1;
    const [third, second] = [3, 2].map((steps) => m * (1 + side * steps * l * s) ** (1 / l)) as [number, number];
    z = side * 3 + (value - third) / (side * (third - second));
  }
  return Math.floor(100 * z + 0.5) / 100;
}
