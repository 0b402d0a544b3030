/**
 * `index.ts`: the module's face. Shapes and sizes are literals in the types; everything is checked before
 * anything runs; nothing is allocated per call.
 */
import { Project, type SourceFile } from 'ts-morph';
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { docComment } from '../emit/text.ts';
import { expectedTypes, tensorProperties, typesLiteral, typeTest } from '../emit/api/tensors.ts';
import { facing } from '../emit/api/facing.ts';
import { addImports, hasPhase, type Api, type ForwardText, type ImmediateApi } from '../emit/api/types.ts';
import { imageImports, writeImageFace, writeLabels } from './imageFace.ts';
import { writeTrainingOptions } from '../emit/api/trainingOptions.ts';
import { loadOptions, writeLoad } from './loadFunction.ts';
import { totalsOf } from './totals.ts';
import { wholeTargets } from '../emit/api/trainingSite.ts';
import type { TargetedModel } from '../emit/target.ts';

export function indexModule(model: TargetedModel, host: Api): string {
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('index.ts');
  writeImports(file, model, host);
  writeInfo(file, model);
  if (host.calls === 'promised') host.writeTypes(file, model, loadOptions(host));
  else {
    writeFace(file, model, host);
    writeForward(file, model, host.forward(model));
  }
  writeLoad(file, model, host);
  writeImageFace(file, model);
  return `${headerOf(model, host)}\n${file.getFullText()}`;
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
    `${sizes}, ${plural(totals.kernelCalls, 'kernel call')}, arena ${formatBytes(model.plan.arenaBytes)}.`,
    '',
    '    const model = await load();',
    `    const { ${outputs} } = ${wait}model.forward({ ${inputs} });`,
    ...(model.training ? training : []),
  ]);
}

function writeImports(file: SourceFile, model: TargetedModel, host: Api): void {
  const trains = model.training !== undefined;
  const own = host.indexImports(model);
  const runtime = own.filter(({ from }) => from === './runtime.js').flatMap(({ names }) => names);
  addImports(file, [
    { from: './forward.js', names: ['forward as runForward'] },
    ...own.filter(({ from }) => from !== './runtime.js'),
    ...(trains && hasPhase(model, 'prepare') ? [{ from: './prepare.js', names: ['prepare'] }] : []),
    ...(trains ? [{ from: './training/trainer.js', names: ['Trainer'], isTypeOnly: true }] : []),
    {
      from: './runtime.js',
      names: [
        ...(host.calls === 'immediate' ? ['checkInputs'] : []),
        ...runtime,
        ...(trains ? ['type Hyperparameters'] : []),
        ...imageImports(model),
      ],
    },
  ]);
}

const literal = (value: unknown): string => JSON.stringify(value);

function writeInfo(file: SourceFile, model: TargetedModel): void {
  const totals = totalsOf(model);
  const { training } = model;
  const trains = training
    ? `training: { optimizer: '${training.optimizer}', targets: ${typesLiteral(wholeTargets(training))}, arenaBytes: ${training.plan.arenaBytes} },`
    : '';
  file.addStatements(`
/** What was compiled; sizes in bytes. */
export const info = {
  name: ${literal(model.name)},
  target: '${model.target.name}',
  inputs: ${typesLiteral(model.inputs)},
  outputs: ${typesLiteral(model.outputs)},
  parameters: ${model.parameterCount},
  multiplyAdds: ${totals.multiplyAdds},
  arenaBytes: ${model.plan.arenaBytes},
  weightBytes: ${totals.weightBytes},
  kernels: ${totals.kernelCalls},
  ${trains}
} as const;
`);
  writeLabels(file, model);
}

function writeFace(file: SourceFile, model: TargetedModel, host: ImmediateApi): void {
  file.addInterface({ name: 'Inputs', isExported: true, properties: tensorProperties(model.inputs) });
  file.addInterface({ name: 'Outputs', isExported: true, properties: tensorProperties(model.outputs) });
  file.addStatements(`\n${loadOptions(host)}`);
  file.addStatements(`\nexport interface Model {
  readonly info: typeof info;
  /**
   * Runs the network. The arrays returned are overwritten by the next call; hand in \`out\` to keep results in
   * arrays of your own.
   */
  forward(inputs: Inputs, out?: Outputs): Outputs;
  /** Nothing to release on this target; here so that targets can be exchanged. */
  close(): void;
}`);
  if (model.training) writeTrainingOptions(file);
}

/** `createForward`: the network over given memory, with its arguments checked. */
function writeForward(file: SourceFile, model: TargetedModel, forward: ForwardText): void {
  const call = literal(`${model.name}.forward`);
  const outputs = facing(model, 'output');
  const trains = model.training !== undefined;
  const results = `{ ${outputs.map((buffer) => `${buffer.publicName}: memory.${buffer.name}`).join(', ')} }`;
  file.addStatements(
    `\nconst inputTypes = ${expectedTypes(model.inputs)};\nconst outputTypes = ${expectedTypes(model.outputs)};`,
  );
  file.addFunction({
    name: 'createForward',
    parameters: [...forward.parameters],
    returnType: "Model['forward']",
    docs: [
      trains
        ? 'The inference program over these parameters, in memory of its own.'
        : 'The network over these weights, in memory of its own.',
    ],
    statements: [
      ...forward.setUp(results),
      `return (inputs, out) => {
        if (${typeTest('inputs', model.inputs)}) checkInputs(${call}, inputTypes, inputs);
        if (out && (${typeTest('out', model.outputs, false)})) checkInputs(${call}, outputTypes, out, 'out');
        ${forward.begin(results)}${facing(model, 'input')
          .map((buffer) => `memory.${buffer.name}.set(inputs.${buffer.publicName});`)
          .join('\n')}
        ${forward.run}
        if (!out) return results;
        ${outputs.map((buffer) => `out.${buffer.publicName}.set(memory.${buffer.name});`).join('\n')}
        return out;
      };`,
    ],
  });
}
