/**
 * How schedules pack weights. A panel has the weights of `block` neighbouring results side by side, so that what one input
 * meets is a vector or several; the last panel is filled up with zeros.
 */
import { createLayout, type Layout } from '../../kernel/layout.ts';

type Shape = readonly number[];

/** Of [O, I, KH, KW]: [O / block][KH][KW][I][block]. */
export const outputPanels = (shape: Shape, block: number): Layout =>
  createLayout(`ohwi${block}`, shape, [0, 2, 3, 1, { axis: 0, block }]);

/** Of [O, I, KH, KW], for what goes from outputs to inputs: [I / block][KH][KW][O][block]. */
export const inputPanels = (shape: Shape, block: number): Layout =>
  createLayout(`ihwo${block}`, shape, [1, 2, 3, 0, { axis: 1, block }]);

/** The same in each group: [groups][I / block][KH][KW][O / groups][block]. */
export const groupedInputPanels = (shape: Shape, groups: number, block: number, name = 'ihwo'): Layout =>
  createLayout(`${name}${block}`, shape, [
    0,
    1,
    2,
    3,
    { axis: 0, block: shape[0]! / groups },
    { axis: 1, block },
  ]);

/** Of a depthwise convolution's [C, 1, KH, KW]: [KH][KW][C]. */
export const depthwiseWeights = (shape: Shape): Layout => createLayout('hwo', shape, [1, 2, 3, 0]);

/** The same, with the channels filled up to vectors of four: [KH][KW][C / 4][4]. */
export const depthwiseVectors = (shape: Shape): Layout =>
  createLayout('hwo4', shape, [1, 2, 3, 0, { axis: 0, block: 4 }]);

/** Of a linear layer's [O, I]: [O / block][I][block]. */
export const linearPanels = (shape: Shape, block: number): Layout =>
  createLayout(`oi${block}`, shape, [0, 1, { axis: 0, block }]);

/** A vector that is read beside panels, such as a bias: filled up to whole ones. */
export const alongPanels = (shape: Shape, block: number): Layout =>
  shape[0]! % block === 0
    ? createLayout('rowMajor', shape, [0])
    : createLayout(`o${block}`, shape, [0, { axis: 0, block }]);
