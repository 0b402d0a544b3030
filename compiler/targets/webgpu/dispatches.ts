/**
 * Kernel calls as dispatches: plain loops become grids, buffers become bindings. Calls that differ only in where their
 * numbers lie share a shader; where that shows in the code (a result in the place of an operand) they have one each.
 */
import { dispatchesOf } from '../../kernel/parts.ts';
import type { Kernel } from '../../kernel/types.ts';
import { variantOf, type BufferId, type KernelCall } from '../../program/types.ts';
import { bindRegions, type BoundRange, type Region } from './bindings.ts';
import { TILED } from './families.ts';
import { dispatchSize, printShaders, shaderBindings, type ShaderBinding, type ShaderText } from './shader.ts';

export interface Shader extends ShaderText {
  /** The kernel's, and where that is taken a number behind it. */
  readonly name: string;
  readonly bindings: readonly ShaderBinding[];
  /** Workgroups: columns and rows. */
  readonly size: readonly [number, number];
  readonly kernel: Kernel;
}

export interface Dispatch {
  readonly shader: Shader;
  /** By the buffers of the shader's kernel, which `ranges` count. */
  readonly args: readonly BufferId[];
  /** By the shader's bindings. */
  readonly ranges: readonly BoundRange[];
  readonly call: KernelCall;
}

/** A call's dispatches, and those of its variant for GPUs where that is another. */
export interface DispatchedCall {
  readonly call: KernelCall;
  readonly own: readonly Dispatch[];
  readonly tiled?: readonly Dispatch[];
}

export interface Dispatcher {
  /** In the order in which they run. */
  dispatches(call: KernelCall, regionOf: (id: BufferId) => Region): readonly Dispatch[];
  withVariant(call: KernelCall, regionOf: (id: BufferId) => Region): DispatchedCall;
  /** All so far, in the order of their first use. */
  shaders(): readonly Shader[];
}

export function createDispatcher(): Dispatcher {
  const shaders = new Map<string, Shader>();
  const names = new Set<string>();
  const dispatcher: Dispatcher = {
    dispatches: (call, regionOf) =>
      dispatchesOf(call.kernel).map(({ kernel, args }): Dispatch => {
        const own = args.map((i) => call.args[i]!);
        const bindings = bindRegions(kernel, own.map(regionOf));
        const text = printShaders(kernel, bindings);
        const size = dispatchSize(kernel.grid!);
        const key = `${size} ${withoutComments(text.code)}`;
        const shader = shaders.get(key) ?? {
          ...{ name: freeName(kernel.name, names), ...text, kernel, size },
          bindings: shaderBindings(kernel, bindings),
        };
        shaders.set(key, shader);
        return { shader, args: own, ranges: bindings.ranges, call };
      }),
    withVariant(call, regionOf) {
      const own = dispatcher.dispatches(call, regionOf);
      if (!call.variants?.[TILED]) return { call, own };
      return { call, own, tiled: dispatcher.dispatches(variantOf(call, TILED), regionOf) };
    },
    shaders: () => [...shaders.values()],
  };
  return dispatcher;
}

/** Whose kernel it is, which stands in the comment, makes no difference: parts of other kernels may be the same. */
const withoutComments = (code: string): string => code.replaceAll(/^\/\/.*\n/gm, '');

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_v${n}`;
  taken.add(name);
  return name;
}
