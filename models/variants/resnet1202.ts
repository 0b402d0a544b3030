/** ResNet-1202 for CIFAR-10 with zero-padded shortcuts (option A). He et al. 2016, section 4.2. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('resnet1202', 1202, 'A');
