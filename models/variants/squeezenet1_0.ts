/** SqueezeNet 1.0, the paper's version. Iandola et al. 2016, table 1; see shared/squeezenet.ts. */
import { squeezenet } from '../shared/squeezenet.ts';

export default squeezenet({
  name: 'squeezenet1_0',
  channels: 96,
  kernel: 7,
  layers: ['pool', 16, 16, 32, 'pool', 32, 48, 48, 64, 'pool', 64],
});
