/** How one ONNX operation becomes calls. */
import type { Value } from '../../recorded/calls.ts';
import type { NodeView } from '../node.ts';

/** The outputs in order; those behind the last that exists are never asked for. */
export type Translate = (node: NodeView) => Value | readonly Value[];

export type Translations = Readonly<Record<string, Translate>>;
