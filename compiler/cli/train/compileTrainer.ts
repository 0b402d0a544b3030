/** Compiles the model for training into the folder of the run and loads the trainer from there, as a program of a user would. */
import { join, resolve } from 'node:path';
import type { Model } from '../../frontend/model.ts';
import { fromHere } from '../../frontend/place.ts';
import { checkFolder } from '../../host/writePackage.ts';
import type { Settings } from '../../training/settings.ts';
import type { LoadedTrainer, Classifier } from '../../training/trainer.ts';
import { loadTrainer } from './loadTrainer.ts';

export interface TrainerSource {
  readonly model: Model;
  /** The model file, for the headers of the package. */
  readonly file: string;
  /** The folder of the run, in which the package is written. */
  readonly folder: string;
  readonly settings: Settings;
}

/** The folder of the package that trains, in the folder of the run. */
const TRAINER_FOLDER = 'trainer';

export async function compileTrainer(
  source: TrainerSource,
  classifier: Classifier,
  say: (text: string) => void,
): Promise<LoadedTrainer> {
  const { model, file, folder, settings } = source;
  const { optimizer, batch, seed, clip, target: runsOn, train } = settings;
  const target = join(folder, TRAINER_FOLDER);
  checkFolder(target);
  say(`compiling ${file} for training`);
  // Imported late, because the compiler loads TypeScript and prettier.
  const { compile } = await import('../../index.ts');
  await compile(model, {
    ...{ out: target, source: fromHere(resolve(file)), batch, seed, targets: runsOn && [runsOn] },
    force: true,
    training: { optimizer, train, clip: clip !== undefined },
  });
  return loadTrainer(target, classifier, settings, model.preprocess);
}
