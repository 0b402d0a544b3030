/** The type of a translation: how one ONNX operator becomes calls. */
import type { Value } from '../../recorded/calls.ts';
import type { NodeView } from '../node.ts';

/** Returns the outputs in order. Outputs after the last existing one are never read. */
export type Translate = (node: NodeView) => Value | readonly Value[];

export type Translations = Readonly<Record<string, Translate>>;
