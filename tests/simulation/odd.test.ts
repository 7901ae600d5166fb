/** Worlds 1, 3, 5, … */
import { playSeeds } from './seeds';

playSeeds(1);
