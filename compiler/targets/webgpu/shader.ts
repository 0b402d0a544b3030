/** A kernel and its bindings (shaders.ts) as a WGSL module with one entry point, `main`. */
import { commentText } from '../../emit/text.ts';
import { printStatements, withStrides } from '../../kernel/printer.ts';
import type { ElementType, Grid, Statement } from '../../kernel/types.ts';
import { expressionsOf, refersTo, someStatement } from '../../kernel/walk.ts';
import { helperText, type Helper } from './mathematics.ts';
import { placeBuffers } from './places.ts';
import { reductionText, type Reduction } from './reductions.ts';
import { ROW, type BoundKernel, type ShaderBinding } from './shaders.ts';
import { wgslSpelling } from './spelling.ts';

export interface ShaderText {
  readonly code: string;
  /** The same for devices that have subgroups; where it reduces over a workgroup. */
  readonly withSubgroups?: string;
}

export function printShaders(bound: BoundKernel): ShaderText {
  const code = printShader(bound);
  if (!someStatement(bound.kernel.body, ({ kind }) => kind === 'reduce')) return { code };
  return { code, withSubgroups: printShader(bound, true) };
}

export function printShader(bound: BoundKernel, withSubgroups = false): string {
  const { kernel, bindings, places, size } = bound;
  const { grid } = kernel;
  const body = placeBuffers(kernel, (buffer) => places[buffer]!);
  const elements = new Map(bindings.map(({ name, element }) => [name, element]));
  const used = new Set<Helper>();
  const reductions: Reduction[] = [];
  const elementOf = (name: string): ElementType => elements.get(name) ?? 'f32';
  const halves = new Set(bound.halves);
  const spelling = wgslSpelling({
    elementOf,
    isHalf: (name) => halves.has(name),
    uses: (helper) => used.add(helper),
    reduces: (one) => reductions.push(one),
  });
  const lines = printStatements(body, withStrides(spelling, kernel.strides), elementOf);
  return [
    ...kernel.comment.map((line) => `// ${commentText(line)}`),
    ...(withSubgroups ? ['enable subgroups;'] : []),
    ...(halves.size > 0 ? [HALF] : []),
    ...bindings.map(declareBinding),
    ...declareShared(bound),
    ...(reductions.length > 0 ? reductionText(reductions, grid.invocations, withSubgroups) : ['']),
    ...helperText(used),
    ...entryPoint(grid, size[1] > 1, body),
    ...lines.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}

/** A package loaded for f16 has another type in its place (runtime/webgpu/kernelText.ts). */
const HALF = 'alias half4 = vec4f; // of f16 where the model is loaded for that';

const arrayType = (element: ElementType, isVector: boolean, length: number): string =>
  isVector ? `array<vec4f, ${Math.ceil(length / 4)}>` : `array<${element}, ${length}>`;

const declareBinding = ({ name, element, isVector, length, isReadOnly }: ShaderBinding, i: number): string =>
  `@group(0) @binding(${i}) var<storage, ${isReadOnly ? 'read' : 'read_write'}> ${name}: ${arrayType(element, isVector, length)};`;

/** The memory of a workgroup. */
const declareShared = ({ kernel: { grid }, places, halves }: BoundKernel): string[] =>
  grid.shared.map(({ name, length }) => {
    const place = places[name]!;
    const isHalf = halves.includes(place.name);
    const type = isHalf ? `array<half4, ${length / 4}>` : arrayType('f32', place.isVector, length);
    return `var<workgroup> ${place.name}: ${type};`;
  });

/** The head of `main`, with the numbers that the body knows itself by. `isCut`: workgroups are in rows. */
function entryPoint(grid: Grid, isCut: boolean, body: readonly Statement[]): string[] {
  const uses = (name: string): boolean =>
    someStatement(body, (s) => expressionsOf(s).some((e) => refersTo(e, new Set([name]))));
  const usesInvocation = uses('invocation') || someStatement(body, ({ kind }) => kind === 'reduce');
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
