/**
 * Prints the recorded calls as a model file in the style of a hand-written one: a chain of layers is one variable,
 * and a value that is read again later gets its own name. Of the source file's text, only names made of letters and
 * digits get into the result.
 */
import type { Argument, Call } from './calls.ts';
import type { Recorded } from './recordModel.ts';
import { claimIdentifier } from './names.ts';

export interface PrintOptions {
  /** The imported file's name, for the header. */
  readonly source: string;
  /** The name of the safetensors file next to the model. */
  readonly weights: string;
}

/** Returns TypeScript, which is not formatted yet. */
export function printModelFile(recorded: Recorded, { source, weights }: PrintOptions): string {
  const { model } = recorded;
  const inputs = Object.entries(model.inputs).map(([name, { dtype, shape }]) => {
    const extents = `[${shape.join(', ')}]`;
    return `${name}: ${dtype === 'f32' ? extents : `{ dtype: '${dtype}', shape: ${extents} }`}`;
  });
  const { lines, outputs } = printCalls(recorded);
  return [
    `/** Imported by cnnc from ${inComment(source)}; the weights are in ${inComment(weights)}. */`,
    `import { defineModel } from 'cnnc';`,
    '',
    'export default defineModel({',
    `  name: ${JSON.stringify(model.name)},`,
    `  inputs: { ${inputs.join(', ')} },`,
    `  build(net, { ${Object.keys(model.inputs).join(', ')} }) {`,
    ...lines.map((line) => `    ${line}`),
    `    return { ${outputs.join(', ')} };`,
    '  },',
    ...(isPlain(weights) ? [`  weights: './${weights}',`] : []),
    '});',
    '',
  ].join('\n');
}

/** Removes everything that could end a comment or a line. */
const inComment = (text: string): string => text.replace(/[^\w .,()+-]+/g, '_').slice(0, 100);

/** Whether the model file can name this file. */
export const isPlain = (weights: string): boolean => weights === inComment(weights);

interface Printed {
  readonly lines: readonly string[];
  readonly outputs: readonly string[];
}

function printCalls({ recorder, outputs, inputs }: Recorded): Printed {
  const refs = outputRefs(outputs, recorder.values);
  const live = usedCalls(recorder.calls, refs);
  const readers = readersOf(live, refs);
  const taken = new Set(inputs);
  const chain = claimIdentifier(taken, 'x', 'x');
  const names = new Map<number, string>(inputs.map((name, ref) => [ref, name]));
  let isDeclared = false;
  const lines = live.map((call, i) => {
    const text = printCall(call, (ref) => names.get(ref)!);
    if (call.isList) {
      const parts = call.results.map((ref) => claimResult(names, taken, ref, call));
      return `const [${parts.join(', ')}] = ${text};`;
    }
    const [ref] = call.results as [number];
    const isPassedOn = readers.get(ref)?.length === 1 && readers.get(ref)![0] === i + 1;
    if (!isPassedOn) return `const ${claimResult(names, taken, ref, call)} = ${text};`;
    names.set(ref, chain);
    const line = `${isDeclared ? '' : 'let '}${chain} = ${text};`;
    isDeclared = true;
    return line;
  });
  const results = outputs.map(({ name }, i) => {
    const value = names.get(refs[i]!)!;
    return value === name ? name : `${name}: ${value}`;
  });
  return { lines, outputs: results };
}

const outputRefs = (
  outputs: Recorded['outputs'],
  values: Recorded['recorder']['values'],
): readonly number[] => outputs.map(({ value }) => (value.kind === 'live' ? value : values.get(value)!).ref);

const refsOf = (args: readonly Argument[]): number[] =>
  args.flatMap((arg) => (typeof arg === 'number' ? [] : 'ref' in arg ? [arg.ref] : [...arg.refs]));

/**
 * The calls that the model file needs: those whose results are read, and those that make parameters, because the
 * weight file has these.
 */
function usedCalls(calls: readonly Call[], outputs: readonly number[]): readonly Call[] {
  const used = new Set(outputs);
  return calls
    .toReversed()
    .filter((call) => {
      const isUsed = call.name !== undefined || call.results.some((ref) => used.has(ref));
      if (isUsed) for (const ref of refsOf(call.args)) used.add(ref);
      return isUsed;
    })
    .toReversed();
}

/** The indices of the calls that read each result. Outputs are read after the last call. */
function readersOf(calls: readonly Call[], outputs: readonly number[]): Map<number, number[]> {
  const readers = new Map<number, number[]>();
  const add = (ref: number, at: number): void => void readers.set(ref, [...(readers.get(ref) ?? []), at]);
  calls.forEach(({ args }, i) => refsOf(args).forEach((ref) => add(ref, i)));
  for (const ref of outputs) add(ref, -1);
  return readers;
}

/** Names a result: `layer1_0_conv1` for the layer `layer1.0.conv1`; without a name, after its method. */
function claimResult(names: Map<number, string>, taken: Set<string>, ref: number, call: Call): string {
  const name = claimIdentifier(taken, call.name ?? call.method, call.method);
  names.set(ref, name);
  return name;
}

function printCall({ method, name, args, options }: Call, nameOf: (ref: number) => string): string {
  const printed = [
    ...(name === undefined ? [] : [`'${name}'`]),
    ...args.map((arg) => printArgument(arg, nameOf)),
    ...(options === undefined ? [] : [printLiteral(options)]),
  ];
  return `net.${method}(${printed.join(', ')})`;
}

function printArgument(arg: Argument, nameOf: (ref: number) => string): string {
  if (typeof arg === 'number') return printLiteral(arg);
  return 'ref' in arg ? nameOf(arg.ref) : `[${arg.refs.map(nameOf).join(', ')}]`;
}

/** Prints numbers so that JavaScript reads the same ones, including -0, Infinity and NaN. */
function printLiteral(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(printLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, entry]) => `${key}: ${printLiteral(entry)}`)
    .join(', ')} }`;
}
