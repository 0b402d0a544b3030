/** Importing it makes places of models relative to the process' working directory. */
import { setWorkingFolder } from '../frontend/place.ts';

setWorkingFolder(() => process.cwd());
