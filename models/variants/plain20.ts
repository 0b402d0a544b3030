/** The plain net of 20 layers: ResNet-20 without its shortcuts, for comparison. He et al. 2016, section 4.2; the net is in shared/cifarResnet.ts. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('plain20', 20, 'plain');
