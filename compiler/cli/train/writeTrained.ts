/**
 * What a run leaves for use: a package for inference with the best weights, for one image a call. Its README says how
 * good the weights are.
 */
import { join, resolve } from 'node:path';
import type { TargetRecord } from '../../emit/target.ts';
import { fromHere } from '../../frontend/place.ts';
import { bestEpoch, type History } from '../../training/history.ts';
import type { TrainerSource } from './compileTrainer.ts';
import { BEST_WEIGHTS } from './runFolder.ts';

export interface TrainedPackage {
  readonly folder: string;
  readonly targets: readonly string[];
  /** The weights that it was compiled from. */
  readonly weights: string;
}

export async function writeTrained(
  { model, file, folder, settings }: TrainerSource,
  history: History,
  targets: readonly TargetRecord[],
): Promise<TrainedPackage> {
  const out = join(folder, PACKAGE_FOLDER);
  const weights = join(folder, BEST_WEIGHTS);
  const { compile } = await import('../../index.ts');
  await compile(model, {
    ...{ out, force: true, weights, targets, batch: 1, source: fromHere(resolve(file)) },
    note: describeTraining(settings.data, history),
  });
  return { folder: out, targets: targets.map(({ name }) => name), weights };
}

/** The folder of the package, in the folder of the run. */
const PACKAGE_FOLDER = 'package';

function describeTraining(data: string, history: History): string {
  const { epoch, validation } = bestEpoch(history)!;
  const share = (validation.accuracy * 100).toFixed(2);
  return `Trained by \`cnnc train\` on \`${data}\`. The weights are those after epoch ${epoch} of ${history.epochs.length}; ${share} % of the validation examples are right.`;
}
