/** ResNet-1202 for CIFAR-10 with projection shortcuts (option B). He et al. 2016, section 4.2. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('resnet1202b', 1202, 'B');
