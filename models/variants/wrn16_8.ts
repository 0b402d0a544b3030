/** WRN-16-8 for CIFAR-10: 4.27 % error with a third of the weights of WRN-28-10; see shared/wideResnet.ts. */
import { wideResnet } from '../shared/wideResnet.ts';

export default wideResnet('wrn16_8', { depth: 16, widening: 8 });
