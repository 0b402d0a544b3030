/** The model as a trainer: compiled into the run's folder and loaded from there, as a program of the user's would. */
import { join, resolve } from 'node:path';
import { selectTrained } from '../autodiff/selection.ts';
import { buildGraph } from '../frontend/buildGraph.ts';
import type { Model } from '../frontend/model.ts';
import { fromHere } from '../frontend/place.ts';
import { isLearned } from '../ir/leaves.ts';
import { checkFolder, writePackage } from '../package/write.ts';
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
  const { optimizer, batch, seed, clip, target: runsOn, train: selection } = settings;
  const target = join(folder, 'package');
  checkFolder(target);
  const isTrained = selection === undefined ? undefined : selectTrained(selection, learnedNames(model));
  say(`compiling ${file} for training`);
  // The compiler brings TypeScript's and prettier's sources along: not before everything else is right.
  const { compileToPackage } = await import('../driver/pipeline.ts');
  const compiled = await compileToPackage(model, {
    ...{ source: fromHere(resolve(file)), batch, seed, targets: runsOn && [runsOn] },
    training: { optimizer, isTrained, clips: clip !== undefined },
  });
  writePackage(target, compiled.files);
  return loadTrainer(target, face, settings, model.preprocess);
}

const learnedNames = (model: Model): string[] =>
  buildGraph(model, { training: true }).nodes.flatMap((node) => (isLearned(node) ? [node.attrs.name] : []));
