/** The plain net of 20 layers: ResNet-20 without shortcuts, for comparison. He et al. 2016, section 4.2. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('plain20', 20, 'plain');
