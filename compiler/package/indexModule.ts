/**
 * `index.ts`: the module's API. Shapes and sizes are literals in the types; arguments are checked before
 * anything runs.
 */
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import {
  importsSource,
  interfaceSource,
  moduleSource,
  type FieldText,
  type ImportText,
} from '../emit/declarations.ts';
import { batchesField, batchesText } from '../emit/batches.ts';
import { docComment } from '../emit/text.ts';
import { manyFields, tensorFields, typesLiteral, type TensorTypes } from '../emit/api/tensors.ts';
import { imageCallsSource, imageMembers } from '../emit/api/imageCalls.ts';
import { hasPhase, type Api } from '../emit/api/types.ts';
import { batchImports, forwardImports, forwardSource } from './forwardFunction.ts';
import { imageImports, imageSource, labelsSource, manyLabelsSource } from './imageApi.ts';
import { TRAINING_OPTIONS } from '../emit/api/trainingOptions.ts';
import { classifierOf, fitExports } from './fitModule.ts';
import { loadOptions, loadSource, optionCheck, sourceImports } from './loadFunction.ts';
import { weightsLiteral } from '../emit/weights.ts';
import { totalsOf } from './totals.ts';
import { wholeTargets } from '../emit/api/trainingSite.ts';
import { arenaBytesOf, isInline, takesOthers, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel } from '../emit/target.ts';

export function indexModule(model: TargetedModel, host: Api, options: PackageOptions): string {
  const inline = isInline(options, 'weights');
  const types = loadOptions(host, inline);
  return moduleSource(
    headerOf(model, host),
    importsSource(importsOf(model, host, sourceImports(model, inline))),
    infoSource(model),
    labelsSource(model),
    host.calls === 'promised' ? host.types(model, types) : typesSource(model, types),
    host.calls === 'promised' ? '' : forwardSource(model, host.forward(model)),
    loadSource(model, host, inline),
    imageCallsSource(model, host.calls),
    imageSource(model),
    manyLabelsSource(model),
    fitExports(model),
  );
}

function headerOf(model: TargetedModel, { calls }: Api): string {
  const totals = totalsOf(model);
  const outputs = Object.keys(model.outputs).join(', ');
  const inputs = Object.keys(model.inputs).join(', ');
  const sizes = `${formatCount(model.parameterCount)} parameters, ${formatCount(totals.multiplyAdds)} multiply-adds`;
  const targets = Object.keys(model.training?.targets ?? {})
    .map((name) => `, ${name}`)
    .join('');
  const wait = calls === 'promised' ? 'await ' : '';
  const training = [
    '',
    `    const trainer = await load({ training: true, learningRate: 0.01 });`,
    `    const { loss } = ${wait}trainer.trainStep({ ${inputs}${targets} });`,
  ];
  return docComment([
    `${model.name}, compiled by cnnc from ${model.source}.`,
    `${sizes}, ${plural(totals.kernelCalls, 'kernel call')}, arena ${formatBytes(arenaBytesOf(model))}.`,
    '',
    '    const model = await load();',
    `    const { ${outputs} } = ${wait}model.forward({ ${inputs} });`,
    ...(model.training ? training : []),
  ]);
}

function importsOf(model: TargetedModel, host: Api, source: readonly ImportText[]): ImportText[] {
  const trains = model.training !== undefined;
  const own = [...host.indexImports(model), ...source];
  const runtime = own.filter(({ from }) => from === './runtime.js').flatMap(({ names }) => names);
  return [
    { from: './forward.js', names: ['forward as runForward'] },
    ...(host.calls === 'immediate' ? batchImports(model, host.forward(model)) : []),
    ...own.filter(({ from }) => from !== './runtime.js'),
    ...((trains || model.canonical) && hasPhase(model, 'prepare')
      ? [{ from: './prepare.js', names: ['prepare'] }]
      : []),
    ...(trains ? [{ from: './training/trainer.js', names: ['Trainer'], isTypeOnly: true }] : []),
    ...(classifierOf(model)
      ? [{ from: './training/fit.js', names: ['FitOptions', 'FitResult'], isTypeOnly: true }]
      : []),
    {
      from: './runtime.js',
      names: [
        ...(host.calls === 'immediate' ? forwardImports(model) : []),
        optionCheck(model),
        ...runtime,
        ...(trains ? ['type Hyperparameters'] : []),
        ...imageImports(model),
      ],
    },
  ];
}

const literal = (value: unknown): string => JSON.stringify(value);

function infoSource(model: TargetedModel): string {
  const totals = totalsOf(model);
  const { training } = model;
  const trains = training
    ? `training: { optimizer: '${training.optimizer}', targets: ${typesLiteral(wholeTargets(training))}, arenaBytes: ${training.plan.arenaBytes} },`
    : '';
  return `/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: ${literal(model.name)},
  target: '${model.target.name}',
  inputs: ${typesLiteral(model.inputs)},
  outputs: ${typesLiteral(model.outputs)},${batchesField(model)}
  parameters: ${model.parameterCount},
  multiplyAdds: ${totals.multiplyAdds},
  arenaBytes: ${arenaBytesOf(model)},
  weightBytes: ${totals.weightBytes},
  ${weightsLiteral(model)},
  kernels: ${totals.kernelCalls},
  ${trains}
} as const;
`;
}

const LOAD_WEIGHTS = `  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what \`exportWeights()\` of a trainer returns. Throws if the file does not fit; the weights then stay as they were.
   * The results of the last call are overwritten.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): void;
`;

const forwardDoc = (model: TargetedModel): string =>
  model.batches
    ? `  /**
   * Runs the network on any number of images, in groups of ${batchesText(model)}. The next call overwrites the returned
   * arrays; pass \`out\` to get the results in your own arrays.
   */
`
    : `  /**
   * Runs the network. The next call overwrites the returned arrays; pass \`out\` to get the results in your own
   * arrays.
   */
`;

const modelType = (model: TargetedModel): string =>
  `export interface Model {
  readonly info: typeof info;
${forwardDoc(model)}  forward(inputs: Inputs, out?: Outputs): Outputs;
${imageMembers(model, 'immediate')}${takesOthers(model) ? LOAD_WEIGHTS : ''}  /** Does nothing: this target has nothing to release. All targets have this method. */
  close(): void;
}
`;

/** The fields of `Inputs` or `Outputs`. */
const fieldsOf = ({ batches }: TargetedModel, types: TensorTypes): FieldText[] =>
  batches ? manyFields(types) : tensorFields(types);

const typesSource = (model: TargetedModel, loadOptions: string): string =>
  moduleSource(
    interfaceSource('Inputs', fieldsOf(model, model.inputs)),
    interfaceSource('Outputs', fieldsOf(model, model.outputs)),
    loadOptions,
    modelType(model),
    model.training ? TRAINING_OPTIONS : '',
  );
