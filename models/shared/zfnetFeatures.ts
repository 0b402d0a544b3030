/**
 * The convolutions of ZFNet, shared by the classifier (zfnet.ts) and the visualizer (variants/zfnetdeconv.ts). M.
 * Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, arXiv:1311.2901, figure
 * 3.
 */
import type { Net, Tensor } from 'cnnc';
import { localResponse } from './localResponse.ts';

export const POOL = { kernel: 3, stride: 2, padding: 1 } as const;

export interface Layer {
  readonly name: string;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly isPooled: boolean;
}

export const LAYERS: readonly Layer[] = [
  { name: 'conv1', channels: 96, kernel: 7, stride: 2, padding: 1, isPooled: true },
  { name: 'conv2', channels: 256, kernel: 5, stride: 2, padding: 0, isPooled: true },
  { name: 'conv3', channels: 384, kernel: 3, stride: 1, padding: 1, isPooled: false },
  { name: 'conv4', channels: 384, kernel: 3, stride: 1, padding: 1, isPooled: false },
  { name: 'conv5', channels: 256, kernel: 3, stride: 1, padding: 1, isPooled: false },
];

/** A layer with what the way back to the pixels needs. */
export interface Passed {
  readonly layer: Layer;
  /** Input of the convolution, for its extents. */
  readonly input: Tensor;
  /** The paper's switches: the position of the maximum in each window. */
  readonly switches?: Tensor;
}

/** Returns the features of conv5 before the last pooling, and the layers on the way to them. */
export function zfnetFeatures(
  net: Net,
  image: Tensor,
): { readonly features: Tensor; readonly way: readonly Passed[] } {
  const way: Passed[] = [];
  let x = image;
  for (const layer of LAYERS) {
    const { name, channels, kernel, stride, padding, isPooled } = layer;
    const input = x;
    x = net.relu(net.conv2d(name, input, { channels, kernel, stride, padding }));
    if (!isPooled) {
      way.push({ layer, input });
      continue;
    }
    const pooled = net.maxPoolWithIndices(x, POOL);
    way.push({ layer, input, switches: pooled.indices });
    // The paper's "contrast normalization" is that of AlexNet.
    x = net.localResponseNorm(pooled.values, localResponse);
  }
  return { features: x, way };
}
