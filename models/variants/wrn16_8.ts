/** WRN-16-8 for CIFAR-10, 4.27 % error with a third of the weights. Zagoruyko and Komodakis 2016, table 5; the net is in shared/wideResnet.ts. */
import { wideResnet } from '../shared/wideResnet.ts';

export default wideResnet('wrn16_8', { depth: 16, widening: 8 });
