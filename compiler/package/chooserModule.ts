/**
 * `index.ts` of a package with several targets: one face over all of them. Which one runs is decided by `load`, and
 * only that one is imported, so that a bundler can keep the others apart.
 */
import { Project, type SourceFile } from 'ts-morph';
import { docComment } from '../emit/text.ts';
import { formatCount } from '../program/bytes.ts';
import { immediateTargetNames, type KnownTarget } from '../targets/index.ts';
import { typesLiteral } from './face.ts';
import { addImports } from './host.ts';
import { imageImports, writeImageFace, writeLabels } from './imageFace.ts';
import { totalsOf } from './totals.ts';
import { wholeTargets } from './trainingSite.ts';
import type { CompiledModel } from './types.ts';

/** The fastest first; what runs only when it is named is last. */
const PREFERENCE: readonly KnownTarget[] = ['wasm', 'typescript', 'webgpu'];

/** Its calls return promises: which kind of model `load()` gives must not hang on the host. */
const isNamedOnly = (target: KnownTarget): boolean =>
  !immediateTargetNames.some((immediate) => immediate === target);

export const inOrderOfPreference = (models: readonly CompiledModel[]): CompiledModel[] =>
  [...models].sort((a, b) => PREFERENCE.indexOf(a.target) - PREFERENCE.indexOf(b.target));

/** Whether a target runs on this host; nothing where it always does. */
const RUNS_WHERE: Readonly<Record<KnownTarget, string>> = {
  wasm: 'runsWasm()',
  typescript: '',
  webgpu: '',
};

/** The type of what `load()` chooses among. */
const chosenType = (targets: readonly KnownTarget[]): string =>
  targets.some(isNamedOnly) ? 'AutomaticTarget' : 'Target';

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
    `    const model = await load(); // or load({ target: '${automatic(targets).at(-1)}' })`,
    `    const { ${Object.keys(model.outputs).join(', ')} } = model.forward({ ${inputs} });`,
    ...(targets.some(isNamedOnly)
      ? [
          '',
          `With \`load({ target: 'webgpu' })\`, which is never chosen by itself, ${model.training ? 'calls return promises' : '\`forward\` returns a promise'}.`,
        ]
      : []),
  ]);
  return `${header}\n${file.getFullText()}`;
}

/** Among these `load()` chooses. */
const automatic = (targets: readonly KnownTarget[]): KnownTarget[] =>
  targets.filter((target) => !isNamedOnly(target));

const capital = (target: KnownTarget): string => `${target[0]!.toUpperCase()}${target.slice(1)}`;

/** Options of a target's own `load`. */
const OWN_OPTIONS: Readonly<Partial<Record<KnownTarget, string>>> = {
  wasm: "'relaxedSimd' | 'kernels'",
  webgpu: "'gpu' | 'device' | 'onProgress'",
};

/** The types that a target's module has and that differ from another's in nothing but `info`. */
const typesOf = (model: CompiledModel): string[] => ['Model', ...(model.training ? ['Trainer'] : [])];

function writeImports(file: SourceFile, model: CompiledModel, targets: readonly KnownTarget[]): void {
  const hasTests = targets.some((target) => RUNS_WHERE[target] !== '');
  addImports(file, [
    { from: './runtime.js', names: [...(hasTests ? ['runsWasm'] : []), ...imageImports(model)] },
    ...targets.map((target) => ({
      from: `./${target}/index.js`,
      names: [
        ...(OWN_OPTIONS[target] ? [`LoadOptions as ${capital(target)}Options`] : []),
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
  const chosen = chosenType(targets);
  const own = targets.flatMap((target) =>
    OWN_OPTIONS[target] ? [`Pick<${capital(target)}Options, ${OWN_OPTIONS[target]}>`] : [],
  );
  const names = (some: readonly KnownTarget[]): string => some.map((target) => `'${target}'`).join(' | ');
  const isAnyAutomatic = automatic(targets).length === targets.length;
  const weights = model.training
    ? 'Where the weights are, or their bytes. Default: `weights.safetensors` in the folder of the target.'
    : 'The weights as the target packs them, or where they are. Default: `weights.safetensors` in its folder.';
  const difference = isAnyAutomatic ? 'in `info` only' : 'in `info`, and on WebGPU calls return promises';
  const byTarget = (type: string): string => `/** By target: they differ ${difference}. */
export interface ${type}s {
  ${targets.map((target) => `readonly ${target}: ${capital(target)}${type};`).join('\n')}
}
export type ${type} = ${type}s[${chosen}];`;
  file.addStatements(`
export type { Inputs, Outputs } from './${first}/index.js';

/** What this package runs on. */
export type Target = (typeof info.targets)[number];

${isAnyAutomatic ? '' : `/** What \`load()\` chooses among. */\nexport type AutomaticTarget = ${names(automatic(targets))};\n`}
${typesOf(model).map(byTarget).join('\n\n')}

/** Options that only another target has mean nothing. */
interface CommonOptions${own.length ? ` extends ${own.join(', ')}` : ''} {
  /** ${weights} */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer;
}

export interface LoadOptions<T extends Target = ${chosen}> extends CommonOptions {
  /** Default: the fastest that works here${isAnyAutomatic ? '' : '; `webgpu` only when it is named'}. */
  readonly target?: T;
}`);
  if (!model.training) return;
  file.addStatements(`
export interface TrainingOptions<T extends Target = Target> extends LoadOptions<T>, Omit<OneTrainingOptions, keyof CommonOptions> {
  readonly training: true;
}`);
}

function writeFastest(file: SourceFile, targets: readonly KnownTarget[]): void {
  const tests = automatic(targets).flatMap((target) =>
    RUNS_WHERE[target] === '' ? [] : [`if (${RUNS_WHERE[target]}) return '${target}';`],
  );
  const among = automatic(targets);
  const always = among.find((target) => RUNS_WHERE[target] === '') ?? among.at(-1)!;
  file.addFunction({
    name: 'fastestTarget',
    isExported: true,
    returnType: chosenType(targets),
    docs: [`The fastest target that works here${targets.some(isNamedOnly) ? '; never `webgpu`' : ''}.`],
    statements: [...tests, `return '${always}';`],
  });
}

function writeLoad(file: SourceFile, model: CompiledModel, targets: readonly KnownTarget[]): void {
  const parameter = (type: string, more = {}) => [{ name: 'options', type, ...more }];
  const typeParameters = [{ name: 'T', constraint: 'Target', default: chosenType(targets) }];
  const overload = (type: string, result: string, hasQuestionToken = false) => ({
    ...{ isExported: true, typeParameters, returnType: `Promise<${result}s[T]>` },
    parameters: parameter(`${type}<T>`, { hasQuestionToken }),
  });
  const cases = targets.map(
    (target) => `case '${target}':\nreturn (await import('./${target}/index.js')).load(given);`,
  );
  const known = targets.join(', ');
  const trains = model.training !== undefined;
  const anyTarget = targets.some(isNamedOnly) ? '<Target>' : '';
  const ofAny = (type: string): string => (anyTarget ? `${type}s[Target]` : type);
  file.addFunction({
    name: 'load',
    isExported: true,
    isAsync: true,
    overloads: [
      ...(trains ? [overload('TrainingOptions', 'Trainer')] : []),
      overload('LoadOptions', 'Model', true),
    ],
    parameters: parameter(`LoadOptions${anyTarget}${trains ? ' | TrainingOptions' : ''}`, {
      initializer: '{}',
    }),
    returnType: `Promise<${typesOf(model).map(ofAny).join(' | ')}>`,
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
