/**
 * `index.ts` of a package with several targets: one face over all of them. Which one runs is decided by `load`, and
 * only that one is imported, so that a bundler can keep the others apart.
 */
import { Project, type SourceFile } from 'ts-morph';
import { docComment } from '../emit/text.ts';
import { formatCount } from '../program/bytes.ts';
import type { KnownTarget } from '../targets/index.ts';
import { typesLiteral } from './face.ts';
import { addImports } from './host.ts';
import { imageImports, writeImageFace, writeLabels } from './imageFace.ts';
import { totalsOf } from './totals.ts';
import { wholeTargets } from './trainingSite.ts';
import type { CompiledModel } from './types.ts';

/** The fastest first. */
const PREFERENCE: readonly KnownTarget[] = ['wasm', 'typescript'];

export const inOrderOfPreference = (models: readonly CompiledModel[]): CompiledModel[] =>
  [...models].sort((a, b) => PREFERENCE.indexOf(a.target) - PREFERENCE.indexOf(b.target));

/** Whether a target runs on this host; nothing where it always does. */
const RUNS_WHERE: Readonly<Record<KnownTarget, string>> = { wasm: 'runsWasm()', typescript: '' };

/** In the order of preference. */
export function chooserModule(models: readonly CompiledModel[]): string {
  const [model] = models as [CompiledModel];
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('index.ts');
  const targets = models.map(({ target }) => target);
  writeImports(file, model, targets);
  writeInfo(file, model, targets);
  writeTypes(file, model, targets);
  writeFastest(file, targets);
  writeLoad(file, model, targets);
  writeImageFace(file, model);
  const inputs = Object.keys(model.inputs).join(', ');
  const header = docComment([
    `${model.name}, compiled by cnnc from ${model.source}, for ${targets.join(' and ')}.`,
    `${formatCount(model.parameterCount)} parameters, ${formatCount(totalsOf(model).multiplyAdds)} multiply-adds.`,
    '',
    `    const model = await load(); // or load({ target: '${targets.at(-1)}' })`,
    `    const { ${Object.keys(model.outputs).join(', ')} } = model.forward({ ${inputs} });`,
  ]);
  return `${header}\n${file.getFullText()}`;
}

const capital = (target: KnownTarget): string => `${target[0]!.toUpperCase()}${target.slice(1)}`;

/** The types that a target's module has and that differ from another's in nothing but `info`. */
const typesOf = (model: CompiledModel): string[] => ['Model', ...(model.training ? ['Trainer'] : [])];

function writeImports(file: SourceFile, model: CompiledModel, targets: readonly KnownTarget[]): void {
  const hasTests = targets.some((target) => RUNS_WHERE[target] !== '');
  addImports(file, [
    { from: './runtime.js', names: [...(hasTests ? ['runsWasm'] : []), ...imageImports(model)] },
    ...targets.map((target) => ({
      from: `./${target}/index.js`,
      names: [
        ...(target === 'wasm' ? ['LoadOptions as WasmOptions'] : []),
        ...typesOf(model).map((type) => `${type} as ${capital(target)}${type}`),
        ...(target === targets[0] && model.training ? ['TrainingOptions as OneTrainingOptions'] : []),
      ],
      isTypeOnly: true,
    })),
  ]);
}

function writeInfo(file: SourceFile, model: CompiledModel, targets: readonly KnownTarget[]): void {
  const { training } = model;
  const trains = training
    ? `training: { optimizer: '${training.optimizer}', targets: ${typesLiteral(wholeTargets(training))} },`
    : '';
  file.addStatements(`
/** What was compiled; what depends on the target is in the \`info\` of a loaded model. */
export const info = {
  name: ${JSON.stringify(model.name)},
  targets: [${targets.map((target) => `'${target}'`).join(', ')}],
  inputs: ${typesLiteral(model.inputs)},
  outputs: ${typesLiteral(model.outputs)},
  parameters: ${model.parameterCount},
  multiplyAdds: ${totalsOf(model).multiplyAdds},
  ${trains}
} as const;
`);
  writeLabels(file, model);
}

function writeTypes(file: SourceFile, model: CompiledModel, targets: readonly KnownTarget[]): void {
  const [first] = targets;
  const wasmOptions = targets.includes('wasm') ? `, Pick<WasmOptions, 'relaxedSimd' | 'kernels'>` : '';
  const weights = model.training
    ? 'Where the weights are, or their bytes. Default: `weights.safetensors` in the folder of the target.'
    : 'The weights as the target packs them, or where they are. Default: `weights.safetensors` in its folder.';
  const byTarget = (type: string): string => `/** By target: they differ in \`info\` only. */
export interface ${type}s {
  ${targets.map((target) => `readonly ${target}: ${capital(target)}${type};`).join('\n')}
}
export type ${type} = ${type}s[Target];`;
  file.addStatements(`
export type { Inputs, Outputs } from './${first}/index.js';

/** What this package runs on. */
export type Target = (typeof info.targets)[number];

${typesOf(model).map(byTarget).join('\n\n')}

/** Options that only another target has mean nothing. */
interface CommonOptions${wasmOptions.replace(', ', ' extends ')} {
  /** ${weights} */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer;
}

export interface LoadOptions<T extends Target = Target> extends CommonOptions {
  /** Default: the fastest that works here. */
  readonly target?: T;
}`);
  if (!model.training) return;
  file.addStatements(`
export interface TrainingOptions<T extends Target = Target> extends LoadOptions<T>, Omit<OneTrainingOptions, keyof CommonOptions> {
  readonly training: true;
}`);
}

function writeFastest(file: SourceFile, targets: readonly KnownTarget[]): void {
  const tests = targets.flatMap((target) =>
    RUNS_WHERE[target] === '' ? [] : [`if (${RUNS_WHERE[target]}) return '${target}';`],
  );
  const always = targets.find((target) => RUNS_WHERE[target] === '') ?? targets.at(-1)!;
  file.addFunction({
    name: 'fastestTarget',
    isExported: true,
    returnType: 'Target',
    docs: ['The fastest target that works here.'],
    statements: [...tests, `return '${always}';`],
  });
}

function writeLoad(file: SourceFile, model: CompiledModel, targets: readonly KnownTarget[]): void {
  const parameter = (type: string, more = {}) => [{ name: 'options', type, ...more }];
  const typeParameters = [{ name: 'T', constraint: 'Target', default: 'Target' }];
  const overload = (type: string, result: string, hasQuestionToken = false) => ({
    ...{ isExported: true, typeParameters, returnType: `Promise<${result}s[T]>` },
    parameters: parameter(`${type}<T>`, { hasQuestionToken }),
  });
  const cases = targets.map(
    (target) => `case '${target}':\nreturn (await import('./${target}/index.js')).load(given);`,
  );
  const known = targets.join(', ');
  const trains = model.training !== undefined;
  file.addFunction({
    name: 'load',
    isExported: true,
    isAsync: true,
    overloads: [
      ...(trains ? [overload('TrainingOptions', 'Trainer')] : []),
      overload('LoadOptions', 'Model', true),
    ],
    parameters: parameter(trains ? 'LoadOptions | TrainingOptions' : 'LoadOptions', { initializer: '{}' }),
    returnType: trains ? 'Promise<Model | Trainer>' : 'Promise<Model>',
    docs: [
      "Loads the module of one target, and with it the weights. Throws when they cannot be read or are not this model's.",
    ],
    statements: [
      'const { target = fastestTarget(), ...given } = options;',
      `switch (target) {
        ${cases.join('\n')}
        default:
          throw new Error(\`${model.name}.load: there is no target \${JSON.stringify(target)}, it has ${known}\`);
      }`,
    ],
  });
}
