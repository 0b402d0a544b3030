/** WRN-28-10 for CIFAR-10, 4.0 % error. Zagoruyko and Komodakis 2016, table 5; see shared/wideResnet.ts. */
import { wideResnet } from './shared/wideResnet.ts';

export default wideResnet('wrn28_10', { depth: 28, widening: 10 });
