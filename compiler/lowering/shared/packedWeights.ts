/**
 * Layouts in which schedules pack weights. A panel has the weights of `block` neighbouring results side by side, so
 * the weights for one input are a vector or several. The last panel is filled up with zeros.
 */
import { createLayout, type Layout } from '../../kernel/layout.ts';

type Shape = readonly number[];

/** [O, I, KH, KW] as [O / block][KH][KW][I][block]. */
export const outputPanels = (shape: Shape, block: number): Layout =>
  createLayout(`ohwi${block}`, shape, [0, 2, 3, 1, { axis: 0, block }]);

/** [O, I, KH, KW] as [I / block][KH][KW][O][block], for kernels that go from outputs to inputs. */
export const inputPanels = (shape: Shape, block: number): Layout =>
  createLayout(`ihwo${block}`, shape, [1, 2, 3, 0, { axis: 1, block }]);

/** `inputPanels` for each group: [groups][I / block][KH][KW][O / groups][block]. */
export const groupedInputPanels = (shape: Shape, groups: number, block: number, name = 'ihwo'): Layout =>
  createLayout(`${name}${block}`, shape, [
    0,
    1,
    2,
    3,
    { axis: 0, block: shape[0]! / groups },
    { axis: 1, block },
  ]);

/** A depthwise convolution's [C, 1, KH, KW] as [KH][KW][C]. */
export const depthwiseWeights = (shape: Shape): Layout => createLayout('hwo', shape, [1, 2, 3, 0]);

/** The same, with the channels filled up to vectors of four: [KH][KW][C / 4][4]. */
export const depthwiseVectors = (shape: Shape): Layout =>
  createLayout('hwo4', shape, [1, 2, 3, 0, { axis: 0, block: 4 }]);

/** A linear layer's [O, I] as [O / block][I][block]. */
export const linearPanels = (shape: Shape, block: number): Layout =>
  createLayout(`oi${block}`, shape, [0, 1, { axis: 0, block }]);

/** A vector that is read together with panels, such as a bias, filled up to whole panels. */
export const alongPanels = (shape: Shape, block: number): Layout =>
  shape[0]! % block === 0
    ? createLayout('rowMajor', shape, [0])
    : createLayout(`o${block}`, shape, [0, { axis: 0, block }]);
