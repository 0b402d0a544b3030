/**
 * `index.ts` of a package with several targets: one API for all of them. `load` decides which target runs and imports
 * only that one, so that a bundler can put each target into a separate chunk.
 */
import { functionSource, importsSource, moduleSource, type ImportText } from '../emit/declarations.ts';
import { batchesField } from '../emit/batches.ts';
import { docComment } from '../emit/text.ts';
import { formatCount } from '../program/bytes.ts';
import { typesLiteral } from '../emit/api/tensors.ts';
import { fitExports } from './fitModule.ts';
import { imageImports, imageSource, labelsSource, manyLabelsSource } from './imageApi.ts';
import { checkOptionsText, optionCheck } from './loadFunction.ts';
import { automatic, isPromised, namedOnly } from './preference.ts';
import { weightsLiteral } from '../emit/weights.ts';
import { totalsOf } from './totals.ts';
import { wholeTargets } from '../emit/api/trainingSite.ts';
import { isInline, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel, TargetRecord } from '../emit/target.ts';

/** The name of the type of the targets that `load()` chooses from. */
const chosenType = (targets: readonly TargetRecord[]): string =>
  namedOnly(targets).length > 0 ? 'AutomaticTarget' : 'Target';

/** Prints the file. `models` are in the order of preference. */
export function chooserModule(models: readonly TargetedModel[], options: PackageOptions): string {
  const [model] = models as [TargetedModel];
  const targets = models.map(({ target }) => target);
  return moduleSource(
    headerOf(model, targets),
    importsSource(importsOf(model, targets)),
    infoSource(model, targets),
    labelsSource(model),
    typesSource(model, targets, weightsDoc(model, options)),
    fastestSource(targets),
    loadSource(model, targets),
    imageSource(model),
    manyLabelsSource(model),
    fitExports(model, `./${targets[0]!.name}`),
  );
}

function headerOf(model: TargetedModel, targets: readonly TargetRecord[]): string {
  const [first] = automatic(targets);
  const wait = isPromised(first!) ? 'await ' : '';
  const inputs = Object.keys(model.inputs).join(', ');
  const others = unlikeOthers(targets);
  const promises = model.training ? 'calls return promises' : '`forward` returns a promise';
  return docComment([
    `${model.name}, compiled by cnnc from ${model.source}, for ${targets.map(({ name }) => name).join(' and ')}.`,
    `${formatCount(model.parameterCount)} parameters, ${formatCount(totalsOf(model).multiplyAdds)} multiply-adds.`,
    '',
    `    const model = await load(); // or load({ target: '${automatic(targets).at(-1)!.name}' })`,
    `    const { ${Object.keys(model.outputs).join(', ')} } = ${wait}model.forward({ ${inputs} });`,
    ...(others.length > 0
      ? [
          '',
          `\`load()\` never chooses ${namesText(others, "'")}. With \`load({ target: ${namesText(others, "'")} })\`, ${promises}.`,
        ]
      : []),
  ]);
}

/** Targets whose calls return promises, unless those of all targets do. */
const unlikeOthers = (targets: readonly TargetRecord[]): readonly TargetRecord[] =>
  targets.every(isPromised) ? [] : targets.filter(isPromised);

/** The names as alternatives, each in these quotes. */
const namesText = (targets: readonly TargetRecord[], quote: string): string =>
  targets.map(({ name }) => `${quote}${name}${quote}`).join(' or ');

const capital = ({ name }: TargetRecord): string => `${name[0]!.toUpperCase()}${name.slice(1)}`;

/** `'relaxedSimd' | 'kernels'`: options that only this target's `load` has; empty if there are none. */
const ownOptions = ({ choice }: TargetRecord): string =>
  choice.loadOptions.map((option) => `'${option}'`).join(' | ');

/** Options that only other targets have. */
const othersOptions = (target: TargetRecord, targets: readonly TargetRecord[]): string[] =>
  targets
    .flatMap(({ choice }) => choice.loadOptions)
    .filter((option) => !target.choice.loadOptions.includes(option));

/** The types that each target's module exports under the same name. */
const typesOf = (model: TargetedModel): string[] => ['Model', ...(model.training ? ['Trainer'] : [])];

function importsOf(model: TargetedModel, targets: readonly TargetRecord[]): ImportText[] {
  const tests = targets.flatMap(({ choice }) => choice.test?.imports ?? []);
  const without = targets.some((target) => othersOptions(target, targets).length > 0)
    ? ['withoutOptions']
    : [];
  return [
    { from: './runtime.js', names: [optionCheck(model), ...without, ...tests, ...imageImports(model)] },
    ...targets.map((target) => ({
      from: `./${target.name}/index.js`,
      names: [
        ...(ownOptions(target) ? [`LoadOptions as ${capital(target)}Options`] : []),
        ...typesOf(model).map((type) => `${type} as ${capital(target)}${type}`),
        ...(target === targets[0] && model.training ? ['TrainingOptions as OneTrainingOptions'] : []),
      ],
      isTypeOnly: true,
    })),
  ];
}

function infoSource(model: TargetedModel, targets: readonly TargetRecord[]): string {
  const { training } = model;
  const trains = training
    ? `training: { optimizer: '${training.optimizer}', targets: ${typesLiteral(wholeTargets(training))} },`
    : '';
  return `/** Facts about the compiled model. Those that depend on the target are in the \`info\` of a loaded model. */
export const info = {
  name: ${JSON.stringify(model.name)},
  targets: [${targets.map(({ name }) => `'${name}'`).join(', ')}],
  inputs: ${typesLiteral(model.inputs)},
  outputs: ${typesLiteral(model.outputs)},${batchesField(model)}
  parameters: ${model.parameterCount},
  multiplyAdds: ${totalsOf(model).multiplyAdds},
  ${weightsLiteral(model)},
  ${trains}
} as const;
`;
}

function weightsDoc({ training, canonical }: TargetedModel, options: PackageOptions): string {
  const place = isInline(options, 'weights')
    ? "those inside the target's module"
    : "`weights.safetensors` in the target's folder";
  const what = training || canonical ? 'the weights' : 'the weights, packed for the target';
  return `URL or path of ${what}, their bytes, or a Response with them. Default: ${place}.`;
}

function typesSource(model: TargetedModel, targets: readonly TargetRecord[], weights: string): string {
  const [first] = targets;
  const chosen = chosenType(targets);
  const own = targets.flatMap((target) =>
    ownOptions(target) ? [`Pick<${capital(target)}Options, ${ownOptions(target)}>`] : [],
  );
  const names = (some: readonly TargetRecord[]): string => some.map(({ name }) => `'${name}'`).join(' | ');
  const named = namedOnly(targets);
  const others = unlikeOthers(targets);
  const difference =
    others.length === 0
      ? 'only in `info`'
      : `in \`info\`, and calls of ${namesText(others, '`')} return promises`;
  const byTarget = (type: string): string => `/** The type for each target. The types differ ${difference}. */
export interface ${type}s {
  ${targets.map((target) => `readonly ${target.name}: ${capital(target)}${type};`).join('\n')}
}
export type ${type} = ${type}s[${chosen}];`;
  return `export type { Inputs, Outputs } from './${first!.name}/index.js';

/** The targets of this package. */
export type Target = (typeof info.targets)[number];

${named.length === 0 ? '' : `/** The targets that \`load()\` chooses from. */\nexport type AutomaticTarget = ${names(automatic(targets))};\n`}
${typesOf(model).map(byTarget).join('\n\n')}

/** Options of targets other than the loaded one are ignored. */
interface CommonOptions${own.length ? ` extends ${own.join(', ')}` : ''} {
  /** ${weights} */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;
}

export interface LoadOptions<T extends Target = ${chosen}> extends CommonOptions {
  /** Default: the fastest target that works here${named.length === 0 ? '' : `; never ${namesText(named, '`')}`}. */
  readonly target?: T;
}
${model.training ? TRAINING_OPTIONS : ''}`;
}

const TRAINING_OPTIONS = `
export interface TrainingOptions<T extends Target = Target> extends LoadOptions<T>, Omit<OneTrainingOptions, keyof CommonOptions> {
  readonly training: true;
}
`;

/** Whether the choice of a target depends on the options of `load`. */
const asksOptions = (targets: readonly TargetRecord[]): boolean =>
  automatic(targets).some(({ choice: { test } }) => /\boptions\b/.test(test?.expression ?? ''));

function fastestSource(targets: readonly TargetRecord[]): string {
  const among = automatic(targets);
  const tests = among.flatMap(({ name, choice: { test } }) =>
    test ? [`if (${test.expression}) return '${name}';`] : [],
  );
  const always = among.find(({ choice }) => !choice.test) ?? among.at(-1)!;
  const named = namedOnly(targets);
  const never = named.length === 0 ? '' : `; never ${namesText(named, '`')}`;
  const asks = asksOptions(targets);
  const given = asks ? ' with these options of `load`' : '';
  return functionSource(
    `export function fastestTarget(${asks ? 'options: CommonOptions = {}' : ''}): ${chosenType(targets)}`,
    [`The fastest target that works here${given}${never}.`],
    [...tests, `return '${always.name}';`],
  );
}

function loadSource(model: TargetedModel, targets: readonly TargetRecord[]): string {
  const trains = model.training !== undefined;
  const parameter = `<T extends Target = ${chosenType(targets)}>`;
  const overloads = [
    ...(trains
      ? [`export function load${parameter}(options: TrainingOptions<T>): Promise<Trainers[T]>;\n`]
      : []),
    `export function load${parameter}(options?: LoadOptions<T>): Promise<Models[T]>;\n`,
  ];
  const anyTarget = namedOnly(targets).length > 0 ? '<Target>' : '';
  const ofAny = (type: string): string => (anyTarget ? `${type}s[Target]` : type);
  const options = `LoadOptions${anyTarget}${trains ? ' | TrainingOptions' : ''}`;
  const result = typesOf(model).map(ofAny).join(' | ');
  return `${overloads.join('')}${functionSource(
    `export async function load(options: ${options} = {}): Promise<${result}>`,
    [
      'Loads the module of one target and its weights. Throws if the weights cannot be read or do not belong to this model.',
    ],
    [
      checkOptionsText(model, ['target', ...targets.flatMap(({ choice }) => choice.loadOptions)]),
      `const { target = fastestTarget(${asksOptions(targets) ? 'options' : ''}), ...given } = options;`,
      switchText(model, targets),
    ],
  )}`;
}

function switchText({ name: model }: TargetedModel, targets: readonly TargetRecord[]): string {
  const cases = targets.map((target) => {
    const others = othersOptions(target, targets).map((option) => `'${option}'`);
    const own = others.length > 0 ? `withoutOptions(given, [${others.join(', ')}])` : 'given';
    return `case '${target.name}':\nreturn (await import('./${target.name}/index.js')).load(${own});`;
  });
  const known = targets.map(({ name }) => name).join(', ');
  return `switch (target) {
    ${cases.join('\n')}
    default:
      throw new Error(\`${model}.load: there is no target \${JSON.stringify(target)}; this package has ${known}\`);
  }`;
}
