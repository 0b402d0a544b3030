/** One image through a network on WebGPU: `preprocess` and `forward` of a model with one input. */
import type { ImageSource } from '../imagePixels.ts';
import type { GpuPreprocess } from './image.ts';
import type { GpuModel, GpuProgram } from './model.ts';
import { USAGE, type DeviceLike, type GpuBuffer } from './types.ts';

/**
 * Runs the network on one image and returns its outputs. The other images of the batch are zeros. The image is read
 * during the call, and each call has its own buffer, so calls may overlap.
 */
export async function forwardImage(
  model: Pick<GpuModel & GpuPreprocess, 'device' | 'preprocess' | 'forward'>,
  { name, inputs }: GpuProgram,
  image: ImageSource,
): Promise<object> {
  const [input] = inputs as [GpuProgram['inputs'][number]];
  const device = model.device as unknown as DeviceLike;
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  const buffer = device.createBuffer({ label: `${name}: one image`, size: input.place.bytes, usage });
  try {
    await model.preprocess(input.shape[0] === 1 ? image : [image], buffer as unknown as GpuBuffer);
    return await model.forward({ [input.name]: buffer });
  } finally {
    buffer.destroy();
  }
}
