/** Which measurement a child's nutrition colour comes from. */
import type { Growth } from './rows';

const BASES = ['oedema', 'muac', 'wlhz', 'muac_wlhz', 'waz'] as const;
export type ColourBasis = (typeof BASES)[number];

/**
 * What the record says; a pack that does not say it leaves what was measured to go by. Where arm and
 * weight-for-length were both measured, it is both that were looked at.
 */
export function colourBasis(growth: Pick<Growth, 'oedema' | 'muac_mm' | 'wlhz'> & Partial<Pick<Growth, 'colour_from'>>): ColourBasis {
  const said = BASES.find((basis) => basis === growth.colour_from);
  if (said) return said;
  if (growth.oedema === 1) return 'oedema';
  if (growth.muac_mm === null) return growth.wlhz === null ? 'muac' : 'wlhz'; // the tape's colour without its number
  return growth.wlhz === null ? 'muac' : 'muac_wlhz';
}
