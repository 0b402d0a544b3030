/** ResNet-20 for CIFAR-10 with a projection around every block (option C). He et al. 2016, section 4.1. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('resnet20c', 20, 'C');
