/** The files that a run writes, each as a whole or not at all. */
import { join } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { writeAtomically, type FileSystem } from './atomicWrite.ts';
import { encodeCheckpoint, findNotFinite, type CheckpointHeader } from './checkpoint.ts';
import { curvesHtml, curvesSvg } from '../../training/curves.ts';
import { bestEpoch } from '../../training/history.ts';
import { historyOf, type LoopState } from '../../training/loop.ts';
import type { Settings } from '../../training/settings.ts';
import type { LoadedTrainer } from '../../training/trainer.ts';

export interface RunFolder {
  /** The checkpoint; after an epoch the results as well. */
  save(state: LoopState): Promise<void>;
  /** The weights, if the epoch that has just ended is the best one so far. */
  keepBest(state: LoopState): Promise<void>;
  writeResults(state: LoopState): Promise<void>;
  /** For a diagnosis. */
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
  const writeResults = async (state: LoopState): Promise<void> => {
    const history = historyOf(state);
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
    async save(state) {
      checkFinite(await trainer.exportWeights(), trainer.step, saved);
      const header: CheckpointHeader = { model: name, parameters, data, settings, state };
      write('checkpoint', encodeCheckpoint({ header, trainer: await trainer.saveState() }));
      saved = `the checkpoint after step ${trainer.step} is kept: ${file('checkpoint')}`;
      if (state.step === 0) await writeResults(state);
    },
    async keepBest(state) {
      if (bestEpoch(historyOf(state)) === state.epochs.at(-1))
        write('best.safetensors', await trainer.exportWeights());
    },
    writeResults,
    describeSaved: () => saved,
  };
}

/** An update may overflow before the loss of the next step shows it. */
function checkFinite(weights: Uint8Array, step: number, saved: string): void {
  const name = findNotFinite(weights);
  if (name === undefined) return;
  fail('CNNC6021', 'train', {}, `${name} is not finite after step ${step}: training has diverged`, [
    saved,
    'try a lower --learning-rate, a --warmup, or --clip 1',
  ]);
}
