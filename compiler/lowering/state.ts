/**
 * The state of lowering: buffers, calls by phase, and the place of every value's numbers. There are three ways to add
 * to it: a buffer, a call, and an operand repacked into another layout.
 */
import { formatType, sizeOf, type Graph, type Node, type Origin, type ValueId } from '../ir/types.ts';
import { buildKernel } from '../kernel/builder.ts';
import { sameLayout, type Layout } from '../kernel/layout.ts';
import type { Kernel } from '../kernel/types.ts';
import { BYTES_PER_ELEMENT } from '../program/bytes.ts';
import type { Buffer, BufferId, BufferRole, KernelCall, PhaseName } from '../program/types.ts';
import { uniqueIdentifier } from '../program/identifiers.ts';
import type { Home } from './home.ts';
import type { KernelPasses } from './kernelPasses.ts';
import { placeText, weightLetters } from './places.ts';
import { repackKernel } from './repack.ts';
import { LOOPS } from './schedule.ts';
import type { Target, Transform } from './target.ts';

/** The place of a value's numbers. A view shares its operand's buffer. */
export interface Located {
  readonly buffer: BufferId;
  readonly layout: Layout;
}

export interface Lowering {
  readonly graph: Graph;
  readonly target: Target;
  readonly buffers: Buffer[];
  readonly calls: Map<PhaseName, KernelCall[]>;
  readonly located: Map<ValueId, Located>;
  readonly names: Set<string>;
  /** The buffers that calls of `prepare` write. */
  readonly prepared: Set<BufferId>;
  /** Parameters that a training step changes, by their public names. */
  readonly updated: ReadonlySet<string>;
  readonly repacked: Map<string, BufferId>;
  /** The wanted layout of each node. */
  readonly wanted: readonly Layout[];
  readonly homes: ReadonlyMap<ValueId, Home>;
  readonly kernelPasses: KernelPasses;
  phaseOf(node: Node): PhaseName;
  nameOf(node: Node): string;
}

export type CallFacts = Pick<
  KernelCall,
  'label' | 'schedule' | 'variants' | 'origin' | 'result' | 'mayOverwrite' | 'multiplyAdds' | 'bytes'
>;

export function addCall(
  lowering: Lowering,
  phase: PhaseName,
  kernel: Kernel,
  args: readonly BufferId[],
  facts: CallFacts,
): void {
  const site = { isPlainLoops: facts.schedule === LOOPS, isPreparation: phase === 'prepare' };
  lowering.calls.get(phase)!.push(lowering.kernelPasses.run({ kernel, args, ...facts }, site));
  if (phase === 'prepare') lowering.prepared.add(args.at(-1)!);
}

export function addBuffer(
  lowering: Lowering,
  role: BufferRole,
  name: string,
  node: Node,
  layout: Layout,
  publicName?: string,
): BufferId {
  const id = lowering.buffers.length;
  const unique = uniqueIdentifier(name, lowering.names, node.op);
  const buffer: Buffer = {
    id,
    name: unique,
    element: node.type.dtype,
    length: layout.size,
    role,
    layout,
    origin: node.origin,
  };
  lowering.buffers.push(publicName === undefined ? buffer : { ...buffer, publicName });
  return id;
}

/** Copies a value to another place or layout. */
export function addCopy(
  lowering: Lowering,
  phase: PhaseName,
  from: Located,
  to: Located,
  label: string,
  origin: Origin,
): void {
  const { element } = lowering.buffers[to.buffer]!;
  addCall(lowering, phase, repackKernel(from.layout, to.layout, element), [from.buffer, to.buffer], {
    label,
    schedule: 'copy',
    origin,
    result: formatType({ dtype: element, shape: to.layout.shape }),
    mayOverwrite: [],
    multiplyAdds: 0,
    bytes: 2 * sizeOf(to.layout.shape) * BYTES_PER_ELEMENT,
  });
}

/** Returns the operand in the wanted layout. It is repacked once for all kernels that want the same. */
export function repack(
  lowering: Lowering,
  source: Located,
  wanted: Layout,
  reader: Node,
  phase: PhaseName,
): BufferId {
  if (sameLayout(source.layout, wanted)) return source.buffer;
  const from = lowering.buffers[source.buffer]!;
  const in_ = phaseFor(lowering, source, phase);
  const key = `${source.buffer} ${in_} ${JSON.stringify(wanted.factors)}`;
  const known = lowering.repacked.get(key);
  if (known !== undefined) return known;
  const node = { ...reader, type: { dtype: from.element, shape: wanted.shape } } as Node;
  const result = addBuffer(lowering, 'temporary', `${from.name}_${wanted.name}`, node, wanted);
  const to = { buffer: result, layout: wanted };
  addCopy(lowering, in_, source, to, `${from.name} repacked to ${wanted.name}`, reader.origin);
  lowering.repacked.set(key, result);
  return result;
}

/** The phase of a repack. Work that depends only on fixed numbers is done once. */
function phaseFor(lowering: Lowering, source: Located, phase: PhaseName): PhaseName {
  const from = lowering.buffers[source.buffer]!;
  const isFixed =
    from.role === 'parameter' || from.role === 'constant' || lowering.prepared.has(source.buffer);
  return isFixed && !lowering.updated.has(from.publicName ?? '') ? 'prepare' : phase;
}

/** Returns the result of a transform of the operand. There is one call for all kernels that want the same. */
export function transformed(
  lowering: Lowering,
  source: Located,
  transform: Transform,
  layout: Layout,
  reader: Node,
): BufferId {
  const phase = phaseFor(lowering, source, lowering.phaseOf(reader));
  const operand = repack(lowering, source, transform.from, reader, phase);
  const from = lowering.buffers[operand]!;
  const key = `${operand} ${phase} ${transform.name}`;
  const known = lowering.repacked.get(key);
  if (known !== undefined) return known;
  const node = { ...reader, type: { dtype: from.element, shape: layout.shape } } as Node;
  const result = addBuffer(lowering, 'temporary', `${from.name}_${transform.name}`, node, layout);
  const kernel = transformKernel(transform, layout);
  addCall(lowering, phase, kernel, [operand, result], {
    label: `${from.name}: ${transform.comment}`,
    schedule: 'transform',
    origin: reader.origin,
    result: formatType({ dtype: from.element, shape: layout.shape }),
    mayOverwrite: [],
    multiplyAdds: 0,
    bytes: (sizeOf(transform.from.shape) + layout.size) * BYTES_PER_ELEMENT,
  });
  lowering.repacked.set(key, result);
  return result;
}

function transformKernel(transform: Transform, layout: Layout): Kernel {
  const buffers = [
    { name: 'x', element: 'f32' as const, length: transform.from.size, access: 'read' as const },
    { name: 'out', element: 'f32' as const, length: layout.size, access: 'write' as const },
  ];
  const name = `${transform.name}_${transform.from.shape.join('x')}`;
  const { from, comment } = transform;
  const letters = weightLetters(from.shape.length);
  const type = formatType({ dtype: 'f32', shape: from.shape });
  const lines = [
    `${transform.name}: transform`,
    `    out = x, ${comment}`,
    `x: ${type}${placeText(from, letters)}`,
  ];
  return buildKernel({ name, comment: lines, buffers }, (k) => transform.build(k));
}
