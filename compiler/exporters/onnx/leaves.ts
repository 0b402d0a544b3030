/** The leaves of a graph, which no operator's form writes: inputs, and numbers that are known. */
import type { Node } from '../../ir/types.ts';
import { definitionOf } from '../../ops/index.ts';
import { constant, input, parameter } from '../../ops/leaves.ts';

export const isInput = (node: Node): node is Node<'input'> => definitionOf(node.op) === input;

export const isParameter = (node: Node): node is Node<'parameter'> => definitionOf(node.op) === parameter;

export const isConstant = (node: Node): node is Node<'constant'> => definitionOf(node.op) === constant;

export const isLeaf = (node: Node): boolean => isInput(node) || isParameter(node) || isConstant(node);
