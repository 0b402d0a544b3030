/** Writes the files of a run, each completely or not at all. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { writeAtomically, type FileSystem } from './atomicWrite.ts';
import { encodeCheckpoint, findNotFinite, type CheckpointHeader } from './checkpoint.ts';
import { curvesHtml, curvesSvg } from '../../training/curves.ts';
import type { SavedRun } from '../../training/fit.ts';
import type { History } from '../../training/history.ts';
import type { Settings } from '../../training/settings.ts';
import type { LoadedTrainer } from '../../training/trainer.ts';

/** The weights after the epoch with the highest validation accuracy. */
export const BEST_WEIGHTS = 'best.safetensors';

export interface RunFolder {
  /** Writes the checkpoint, and after an epoch also the results. Writes the best weights if they have changed. */
  save(saved: SavedRun): Promise<void>;
  writeResults(history: History): Promise<void>;
  /** The best weights of the run that is continued. */
  readBest(): Uint8Array | undefined;
  /** The last checkpoint, for an error. */
  describeSaved(): string;
}

export interface RunFolderOptions extends Pick<CheckpointHeader, 'parameters' | 'data'> {
  readonly folder: string;
  readonly loaded: Pick<LoadedTrainer, 'name' | 'trainer'>;
  readonly settings: Settings;
  readonly stepsPerEpoch: number;
}

export function createRunFolder(options: RunFolderOptions, files?: FileSystem): RunFolder {
  const { folder, loaded, settings, parameters, data, stepsPerEpoch } = options;
  const { trainer, name } = loaded;
  const file = (base: string): string => join(folder, base);
  const write = (base: string, contents: Uint8Array | string) => writeAtomically(file(base), contents, files);
  let saved = 'no checkpoint was written';
  let best: Uint8Array | undefined;
  const writeResults = async ({ points, epochs }: History): Promise<void> => {
    const history = { points, epochs };
    write('weights.safetensors', await trainer.exportWeights());
    write(
      'history.json',
      `${JSON.stringify({ model: name, settings, stepsPerEpoch, ...history }, undefined, 2)}\n`,
    );
    const rows = Object.entries(settings).map(([key, value]) => [key, String(value)] as const);
    const curves = { title: `${name} on ${settings.data}`, history, stepsPerEpoch, settings: rows };
    write('curves.svg', curvesSvg(curves));
    write('curves.html', curvesHtml(curves));
  };
  return {
    async save({ state, trainer: bytes, best: weights }) {
      checkFinite(await trainer.exportWeights(), trainer.step, saved);
      if (weights && weights !== best) write(BEST_WEIGHTS, weights);
      best = weights;
      const header: CheckpointHeader = { model: name, parameters, data, settings, state };
      write('checkpoint', encodeCheckpoint({ header, trainer: bytes }));
      saved = `the last checkpoint is of step ${trainer.step}: ${file('checkpoint')}`;
      if (state.step === 0) await writeResults(state);
    },
    readBest() {
      best = existsSync(file(BEST_WEIGHTS)) ? readFileSync(file(BEST_WEIGHTS)) : undefined;
      return best;
    },
    writeResults,
    describeSaved: () => saved,
  };
}

/** Checks the weights, because an update may overflow before the next loss shows it. */
function checkFinite(weights: Uint8Array, step: number, saved: string): void {
  const name = findNotFinite(weights);
  if (name === undefined) return;
  fail('CNNC6021', 'train', {}, `training has diverged: ${name} is not finite after step ${step}`, [
    saved,
    'try a lower --learning-rate, a --warmup, or --clip 1',
  ]);
}
