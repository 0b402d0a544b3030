/**
 * Kernel calls as dispatches: the grids of the call's kernel, with bindings for their buffers. Calls that differ only
 * in the places of their buffers share a shader, unless the places change the code (a result in the place of an
 * operand).
 */
import { dispatchesOf } from '../../kernel/parts.ts';
import { variantOf, type BufferId, type KernelCall } from '../../program/types.ts';
import { bindRegions, type BoundRange, type Region } from './bindings.ts';
import { TILED } from './families.ts';
import { bindKernel, shaderKey, type BoundKernel } from './shaders.ts';

export interface Shader extends BoundKernel {
  /** The kernel's name, with a number if that is taken. */
  readonly name: string;
}

export interface Dispatch {
  readonly shader: Shader;
  /** The buffers of the shader's kernel; the indices in `ranges` refer to them. */
  readonly args: readonly BufferId[];
  /** The ranges of the shader's bindings. */
  readonly ranges: readonly BoundRange[];
  readonly call: KernelCall;
}

/** A call's dispatches, and those of its variant for GPUs if it has one. */
export interface DispatchedCall {
  readonly call: KernelCall;
  readonly own: readonly Dispatch[];
  readonly tiled?: readonly Dispatch[];
}

export interface Dispatcher {
  /** The dispatches of a call, in order. */
  dispatches(call: KernelCall, regionOf: (id: BufferId) => Region): readonly Dispatch[];
  withVariant(call: KernelCall, regionOf: (id: BufferId) => Region): DispatchedCall;
  /** All shaders so far, in the order of their first use. */
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
