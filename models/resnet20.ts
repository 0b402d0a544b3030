/** ResNet-20 for CIFAR-10 with zero-padded shortcuts (option A). He et al. 2016, section 4.2. */
import { cifarResnet } from './shared/cifarResnet.ts';

export default cifarResnet('resnet20', 20, 'A', undefined, '../weights/resnet20.safetensors');
