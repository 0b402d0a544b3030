/** SqueezeNet 1.1, faster, by the same authors: github.com/forresti/SqueezeNet; see shared/squeezenet.ts. */
import { squeezenet } from './shared/squeezenet.ts';

export default squeezenet({
  name: 'squeezenet1_1',
  channels: 64,
  kernel: 3,
  layers: ['pool', 16, 16, 'pool', 32, 32, 'pool', 48, 48, 64, 64],
});
