/**
 * ResNet-20 with another head, an example of transfer learning: is it an animal or a vehicle? The body has the names
 * of resnet20, so its trained weights fit, and only the last layer starts with new weights.
 *
 *     cnnc train models/vehicles.ts --data folder:DIR --weights resnet20.safetensors --train head
 */
import { cifarResnet } from './shared/cifarResnet.ts';

export default cifarResnet('vehicles', 20, 'A', ['animal', 'vehicle']);
