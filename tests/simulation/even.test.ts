/** Worlds 2, 4, 6, … */
import { playSeeds } from './seeds';

playSeeds(2);
