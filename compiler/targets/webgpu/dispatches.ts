/**
 * Kernel calls as dispatches: grids of the call's kernel, with bindings for their buffers. Calls that differ only in
 * where their numbers lie share a shader. Where that shows in the code (a result in the place of an operand), each has
 * its own.
 */
import { dispatchesOf } from '../../kernel/parts.ts';
import { variantOf, type BufferId, type KernelCall } from '../../program/types.ts';
import { bindRegions, type BoundRange, type Region } from './bindings.ts';
import { TILED } from './families.ts';
import { bindKernel, shaderKey, type BoundKernel } from './shaders.ts';

export interface Shader extends BoundKernel {
  /** The kernel's, and where that is taken a number is added. */
  readonly name: string;
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
        const bound = bindKernel(kernel, bindings);
        const key = shaderKey(bound);
        const shader = shaders.get(key) ?? { ...bound, name: freeName(kernel.name, names) };
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

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_v${n}`;
  taken.add(name);
  return name;
}
