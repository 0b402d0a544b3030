/** The model as a trainer: compiled into the run's folder and loaded from there, as a program of the user's would. */
import { join, resolve } from 'node:path';
import type { Model } from '../frontend/model.ts';
import { fromHere } from '../frontend/place.ts';
import { checkFolder } from '../package/write.ts';
import type { Settings } from './settings.ts';
import { loadTrainer, type LoadedTrainer, type TrainerFace } from './trainer.ts';

export interface TrainerSource {
  readonly model: Model;
  /** The model file, for the headers of the package. */
  readonly file: string;
  /** Of the run; the package goes into it. */
  readonly folder: string;
  readonly settings: Settings;
}

export async function compileTrainer(
  source: TrainerSource,
  face: TrainerFace,
  say: (text: string) => void,
): Promise<LoadedTrainer> {
  const { model, file, folder, settings } = source;
  const { optimizer, batch, seed, clip, target: runsOn, train } = settings;
  const target = join(folder, 'package');
  checkFolder(target);
  say(`compiling ${file} for training`);
  // The compiler brings TypeScript's and prettier's sources along: not before everything else is right.
  const { compile } = await import('../driver/compile.ts');
  await compile(model, {
    ...{ out: target, source: fromHere(resolve(file)), batch, seed, targets: runsOn && [runsOn] },
    training: { optimizer, train, clip: clip !== undefined },
  });
  return loadTrainer(target, face, settings, model.preprocess);
}
