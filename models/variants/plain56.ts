/** The plain net of 56 layers. Without shortcuts it trains worse than plain20. He et al. 2016, figure 6. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('plain56', 56, 'plain');
