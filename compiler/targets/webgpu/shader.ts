/** Prints a kernel with its bindings (shaders.ts) as a WGSL module with one entry point, `main`. */
import { commentText } from '../../emit/text.ts';
import { printStatements, withStrides } from '../../kernel/printer.ts';
import { dispatchesOf } from '../../kernel/parts.ts';
import type { ElementType, Grid, Kernel, Statement } from '../../kernel/types.ts';
import { expressionsOf, refersTo, someStatement } from '../../kernel/walk.ts';
import { helperText, type Helper } from './mathematics.ts';
import { placeBuffers } from './places.ts';
import { reductionText, type Reduction } from './reductions.ts';
import { bindRegions } from './bindings.ts';
import { bindKernel, ROW, type BoundKernel, type ShaderBinding } from './shaders.ts';
import { wgslSpelling } from './spelling.ts';

export interface ShaderText {
  readonly code: string;
  /** The code for devices with subgroups, if the kernel reduces over a workgroup. */
  readonly withSubgroups?: string;
}

/** The shaders of one kernel, one after the other, with a separate binding for every buffer. */
export const printKernelShaders = (kernel: Kernel): string =>
  dispatchesOf(kernel)
    .map((part) => {
      const regions = part.kernel.buffers.map(({ length }, i) => ({
        ...({ space: 'arena', offset: i * APART, bytes: 4 * length } as const),
      }));
      return printShader(bindKernel(part.kernel, bindRegions(part.kernel, regions)));
    })
    .join('\n');

/** A distance that is larger than any buffer. */
const APART = 2 ** 40;

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

/** The type of tiles. runtime/webgpu/kernelText.ts replaces it if a package is loaded with precision f16. */
const HALF = 'alias half4 = vec4f; // vec4<f16> if the model is loaded with precision f16';

const arrayType = (element: ElementType, isVector: boolean, length: number): string =>
  isVector ? `array<vec4f, ${Math.ceil(length / 4)}>` : `array<${element}, ${length}>`;

const declareBinding = ({ name, element, isVector, length, isReadOnly }: ShaderBinding, i: number): string =>
  `@group(0) @binding(${i}) var<storage, ${isReadOnly ? 'read' : 'read_write'}> ${name}: ${arrayType(element, isVector, length)};`;

/** Declarations of the workgroup's memory. */
const declareShared = ({ kernel: { grid }, places, halves }: BoundKernel): string[] =>
  grid.shared.map(({ name, length }) => {
    const place = places[name]!;
    const isHalf = halves.includes(place.name);
    const type = isHalf ? `array<half4, ${length / 4}>` : arrayType('f32', place.isVector, length);
    return `var<workgroup> ${place.name}: ${type};`;
  });

/** The head of `main`, with the numbers of workgroup and invocation. `isCut`: workgroups are in several rows. */
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
    // The last row may have more workgroups than needed. All invocations of these return, so no barrier waits for them.
    ...(isCut ? [`  if (workgroup >= ${grid.workgroups}) { return; }`] : []),
    ...(usesInvocation ? ['  let invocation = i32(invocationIndex);'] : []),
  ];
}
