/**
 * The layers. Each function here is a method of `net`. Its first parameter is the layer: write the layer's name in its
 * place where it is a `NamedLayer`, as in `net.conv2d('conv1', x, { channels: 16, kernel: 3 })`, and leave it out where it
 * is not, as in `net.relu(x)`.
 *
 * @module layers
 */
export * from '../../../compiler/frontend/layers/activation.ts';
export * from '../../../compiler/frontend/layers/arithmetic.ts';
export * from '../../../compiler/frontend/layers/convolution.ts';
export * from '../../../compiler/frontend/layers/dropout.ts';
export * from '../../../compiler/frontend/layers/linear.ts';
export * from '../../../compiler/frontend/layers/loss.ts';
export * from '../../../compiler/frontend/layers/normalization.ts';
export * from '../../../compiler/frontend/layers/pooling.ts';
export * from '../../../compiler/frontend/layers/reduction.ts';
export * from '../../../compiler/frontend/layers/resampling.ts';
export * from '../../../compiler/frontend/layers/shape.ts';
export * from '../../../compiler/frontend/layers/operation.ts';
