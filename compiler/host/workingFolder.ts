/** Importing it makes places of models relative to the process' working directory, and those of the zoo to cnnc's folder. */
import { join } from 'node:path';
import { setWorkingFolder, setZooFolder } from '../frontend/place.ts';
import { packageRoot } from './packageRoot.ts';

setWorkingFolder(() => process.cwd());
setZooFolder(join(packageRoot, 'models'));
