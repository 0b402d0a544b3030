/** Loads a package compiled for training from its folder, with the settings of a run. */
import { TARGETS } from '../../targets/index.ts';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Preprocess } from '../../frontend/preprocess.ts';
import type { Schedules } from '../../training/rate.ts';
import type { Settings } from '../../training/settings.ts';
import type { Classifier, Fit, LoadedTrainer, Trainer } from '../../training/trainer.ts';

/** The parts of the `index.js`, `training/fit.js` and `runtime.js` of a package that are used. */
interface TrainingModule {
  load(options: Readonly<Record<string, unknown>>): Promise<Trainer>;
}

interface FitModule {
  readonly fit: Fit;
}

interface RuntimeModule extends Schedules {
  readonly preprocessImage?: (
    call: string,
    options: Preprocess,
    pixels: Uint8Array,
    width: number,
    height: number,
  ) => Float32Array;
}

export async function loadTrainer(
  folder: string,
  classifier: Classifier,
  settings: Settings,
  preprocess: Preprocess | undefined,
): Promise<LoadedTrainer> {
  const importing = (file: string): Promise<unknown> => import(pathToFileURL(resolve(folder, file)).href);
  const module = (await importing('index.js')) as TrainingModule;
  const runtime = (await importing('runtime.js')) as RuntimeModule;
  const { fit } = (await importing('training/fit.js').catch(() => failLoss(classifier))) as FitModule;
  const { seed, learningRate, weightDecay, momentum, alpha, beta1, beta2, epsilon, clip } = settings;
  const hyperparameters = {
    learningRate,
    weightDecay,
    momentum,
    alpha,
    beta1,
    beta2,
    epsilon,
    maximumNorm: clip,
  };
  const given = Object.entries(hyperparameters).filter(([, value]) => value !== undefined);
  const options = { training: true, seed, ...Object.fromEntries(given) };
  const trainer = await (waits(settings.target) ? loadOnGpu(module, options, folder) : module.load(options));
  return {
    ...classifier,
    trainer,
    schedules: runtime,
    fit,
    ...(preprocess &&
      runtime.preprocessImage && { toLevels: createToLevels(runtime.preprocessImage, preprocess) }),
  };
}

/** The package has no `fit`. The model's one input and its scores have been checked. */
const failLoss = ({ name }: Classifier): never =>
  fail(
    'CNNC6020',
    'cnnc train',
    { path: name },
    'its loss takes other targets than one label for each image',
  );

/** Whether calls of the target's packages return promises. */
const waits = (target: string | undefined): boolean =>
  TARGETS.some(({ name, api }) => name === target && api.calls === 'promised');

/** Reports a missing or too small GPU as a `Diagnostic`. */
async function loadOnGpu(
  module: TrainingModule,
  options: Parameters<TrainingModule['load']>[0],
  folder: string,
): Promise<Trainer> {
  try {
    return await module.load(options);
  } catch (error) {
    return fail('CNNC6024', 'train', { file: folder }, (error as Error).message);
  }
}

/** Converts images to levels, which are whole numbers and therefore exact in f32. */
function createToLevels(
  preprocessImage: NonNullable<RuntimeModule['preprocessImage']>,
  { mean: _mean, std: _std, ...preprocess }: Preprocess,
): NonNullable<LoadedTrainer['toLevels']> {
  const options: Preprocess = {
    ...preprocess,
    channels: preprocess.channels === 'gray' ? 'gray' : 'rgb',
    scale: 1,
  };
  return (file, pixels, width, height) => {
    try {
      return Uint8Array.from(preprocessImage('preprocess', options, pixels, width, height));
    } catch (error) {
      return fail('CNNC5020', 'image', { file }, (error as Error).message);
    }
  };
}
