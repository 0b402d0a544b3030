/** The lowered program of a model file. Weights are zeros and nothing is run: the tests look at its structure. */
import { sizeOf } from '../../compiler/ir/types.ts';
import type { CompiledModel } from '../../compiler/emit/model.ts';
import type { CompileOptions } from '../../compiler/driver/options.ts';
import { compiledModel } from './compiled.ts';
import { modelFile, zooModel } from './models.ts';

const compiled = new Map<string, CompiledModel>();

type Settings = Pick<CompileOptions, 'batch' | 'training'>;

/** Once for each model and settings. */
export async function compileStructure(name: string, settings: Settings = {}): Promise<CompiledModel> {
  const key = `${name} ${JSON.stringify(settings)}`;
  const known = compiled.get(key);
  if (known) return known;
  const model = compiledModel(await zooModel(name), {
    source: modelFile(name),
    targets: ['typescript'],
    weights: (expected) =>
      new Map(expected.map(({ name: of, shape }) => [of, new Float32Array(sizeOf(shape))])),
    ...settings,
  });
  compiled.set(key, model);
  return model;
}

export const MIB = 2 ** 20;
