/** A kernel over a grid and its bindings as a WGSL module with one entry point, `main`. */
import { commentText } from '../../emit/text.ts';
import { GRID_NAMES } from '../../kernel/grid.ts';
import { printStatements } from '../../kernel/printer.ts';
import { expressionsOf, namesIn, refersTo, someStatement } from '../../kernel/walk.ts';
import type { ElementType, Grid, Kernel, Statement } from '../../kernel/types.ts';
import type { Bindings } from './bindings.ts';
import { placeBuffers, type Place } from './places.ts';
import { helperText, type Helper } from './mathematics.ts';
import { reductionText, type Reduction } from './reductions.ts';
import { wgslSpelling } from './spelling.ts';
import { vectorBuffers } from './vectors.ts';
import { RESERVED } from './words.ts';

/** A shader writes to what it binds for writing, even if it only reads it: the range lies beside what others write. */
export interface ShaderBinding {
  readonly name: string;
  readonly element: ElementType;
  readonly isVector: boolean;
  /** In numbers. */
  readonly length: number;
  readonly isReadOnly: boolean;
}

/** `maxComputeWorkgroupsPerDimension` that WebGPU promises is one less than 65536; rows of this length beyond. */
const ROW = 32768;
const MOST_WORKGROUPS = 65535;

/** What is dispatched: columns and rows of workgroups. */
export const dispatchSize = ({ workgroups }: Grid): readonly [number, number] =>
  workgroups <= MOST_WORKGROUPS ? [workgroups, 1] : [ROW, Math.ceil(workgroups / ROW)];

export interface ShaderText {
  readonly code: string;
  /** The same for devices that have subgroups; where it reduces over a workgroup. */
  readonly withSubgroups?: string;
}

export function printShaders(kernel: Kernel, bindings: Bindings): ShaderText {
  const code = printShader(kernel, bindings);
  if (!someStatement(kernel.body, ({ kind }) => kind === 'reduce')) return { code };
  return { code, withSubgroups: printShader(kernel, bindings, true) };
}

export function printShader(kernel: Kernel, bindings: Bindings, withSubgroups = false): string {
  const { grid } = kernel;
  if (!grid) throw new Error(`kernel ${kernel.name} has no grid`);
  const bound = shaderBindings(kernel, bindings);
  const vectors = vectorBuffers(kernel);
  const places = new Map<string, Place>([
    ...kernel.buffers.map(({ name }, i): [string, Place] => {
      const { binding, base } = bindings.arguments[i]!;
      return [name, { name: bound[binding]!.name, isVector: bound[binding]!.isVector, base }];
    }),
    ...grid.shared.map(({ name }): [string, Place] => [
      name,
      { name: legalName(name), isVector: vectors.has(name), base: 0 },
    ]),
  ]);
  const body = placeBuffers(kernel, (buffer) => places.get(buffer)!);
  const elements = new Map(bound.map(({ name, element }) => [name, element]));
  const used = new Set<Helper>();
  const reductions: Reduction[] = [];
  const elementOf = (name: string): ElementType => elements.get(name) ?? 'f32';
  const halves = halfBuffers(kernel);
  const spelling = wgslSpelling({
    elementOf,
    isHalf: (name) => halves.has(name),
    uses: (helper) => used.add(helper),
    reduces: (one) => reductions.push(one),
  });
  const lines = printStatements(body, spelling, elementOf);
  return [
    ...kernel.comment.map((line) => `// ${commentText(line)}`),
    ...(withSubgroups ? ['enable subgroups;'] : []),
    ...(halves.size > 0 ? [HALF] : []),
    ...bound.map(declareBinding),
    ...grid.shared.map(({ name, length }) => {
      const type = halves.has(legalName(name))
        ? `array<half4, ${length / 4}>`
        : arrayType('f32', vectors.has(name), length);
      return `var<workgroup> ${legalName(name)}: ${type};`;
    }),
    ...(reductions.length > 0 ? reductionText(reductions, grid.invocations, withSubgroups) : ['']),
    ...helperText(used),
    ...entryPoint(grid, body),
    ...lines.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}

/** A package loaded for f16 has another type in its place (runtime/webgpu/kernelText.ts). */
const HALF = 'alias half4 = vec4f; // of f16 where the model is loaded for that';

/** Memory of a workgroup that may hold f16, by its name in the shader; vectors only. */
export function halfBuffers(kernel: Kernel): ReadonlySet<string> {
  const vectors = vectorBuffers(kernel);
  const shared = kernel.grid?.shared ?? [];
  const halves = shared.filter(
    ({ name, length, mayBeHalf }) => mayBeHalf && vectors.has(name) && length % 4 === 0,
  );
  return new Set(halves.map(({ name }) => legalName(name)));
}

const legalName = (name: string): string => (RESERVED.has(name) ? `${name}_` : name);

/** Names of bindings that nothing in the body has. */
function createBindingNames({ body, grid }: Kernel): (wanted: string) => string {
  const shared = (grid?.shared ?? []).map(({ name }) => legalName(name));
  const taken = new Set([...namesIn(body), ...shared, ...GRID_NAMES]);
  return (wanted) => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  };
}

export function shaderBindings(kernel: Kernel, { ranges, arguments: places }: Bindings): ShaderBinding[] {
  const vectors = vectorBuffers(kernel);
  const nameOf = createBindingNames(kernel);
  return ranges.map(({ buffers, bytes, offset, space }) => {
    const own = buffers.map((i) => kernel.buffers[i]!);
    const elements = new Set(own.map(({ element }) => element));
    const [first] = own;
    // Numbers of several types in one range are bits.
    const element = elements.size === 1 ? first!.element : 'u32';
    const isVector =
      element === 'f32' &&
      own.every(({ name }) => vectors.has(name)) &&
      buffers.every((i) => places[i]!.base % 4 === 0) &&
      offset % 16 === 0 &&
      bytes % 16 === 0;
    return {
      name: nameOf(own.map(({ name }) => legalName(name)).join('_')),
      ...{ element, isVector, length: bytes / 4, isReadOnly: space === 'weights' },
    };
  });
}

const arrayType = (element: ElementType, isVector: boolean, length: number): string =>
  isVector ? `array<vec4f, ${Math.ceil(length / 4)}>` : `array<${element}, ${length}>`;

const declareBinding = ({ name, element, isVector, length, isReadOnly }: ShaderBinding, i: number): string =>
  `@group(0) @binding(${i}) var<storage, ${isReadOnly ? 'read' : 'read_write'}> ${name}: ${arrayType(element, isVector, length)};`;

/** The head of `main`, with the numbers that the body knows itself by. */
function entryPoint(grid: Grid, body: readonly Statement[]): string[] {
  const uses = (name: string): boolean =>
    someStatement(body, (s) => expressionsOf(s).some((e) => refersTo(e, new Set([name]))));
  const usesInvocation = uses('invocation') || someStatement(body, ({ kind }) => kind === 'reduce');
  const [, rows] = dispatchSize(grid);
  const isCut = rows > 1;
  const parameters = [
    ...(uses('workgroup') || isCut ? ['@builtin(workgroup_id) workgroupId: vec3u'] : []),
    ...(usesInvocation ? ['@builtin(local_invocation_index) invocationIndex: u32'] : []),
  ];
  const number = isCut ? `i32(workgroupId.y * ${ROW}u + workgroupId.x)` : 'i32(workgroupId.x)';
  return [
    `@compute @workgroup_size(${grid.invocations})`,
    `fn main(${parameters.join(', ')}) {`,
    ...(uses('workgroup') || isCut ? [`  let workgroup = ${number};`] : []),
    // Of the last row only some are wanted; all invocations of the others leave, so none waits for them.
    ...(isCut ? [`  if (workgroup >= ${grid.workgroups}) { return; }`] : []),
    ...(usesInvocation ? ['  let invocation = i32(invocationIndex);'] : []),
  ];
}
