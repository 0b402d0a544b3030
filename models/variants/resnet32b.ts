/** ResNet-32 for CIFAR-10 with projection shortcuts (option B). He et al. 2016, section 4.2. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('resnet32b', 32, 'B');
