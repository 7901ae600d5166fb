/** What a PIN may be. */

/** Whether a PIN is too easily guessed: one digit repeated, or a run up or down. */
export function weakPin(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, n) => Number(digit) - Number(pin[n])));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0] as number);
}
