/**
 * The architectures of the zoo in numbers that others have published: learned parameters of the inference net, and
 * multiply-adds of its convolutions, linear layers and matrix products in millions.
 *
 * Where torchvision has the net, both are those of its documentation (`num_params`, `_ops`); elsewhere a comment says where
 * they come from, and parameters without a comment are the sum over the layers that the paper lists.
 */
export interface Published {
  readonly parameters: number;
  /** Multiply-adds in millions. */
  readonly multiplyAdds?: number;
  /** Another output than class scores `logits` f32[1, classes]. */
  readonly output?: { readonly name: string; readonly shape: readonly number[] };
}

/** Architectures that modelArchitectures.test.ts does not count. */
export const ZOO: Readonly<Record<string, Published>> = {
  alexnet: { parameters: 61_100_840, multiplyAdds: 714.2 },
  // Caffe's bvlc_alexnet has this many; 724 million are the usual count of its authors' successors (Sze et al. 2017).
  alexnet2012: { parameters: 60_965_224, multiplyAdds: 724 },
  zfnet: { parameters: 62_357_608 },
  // Without the linear layers.
  zfnetdeconv: { parameters: 3_726_464, output: { name: 'picture', shape: [1, 3, 224, 224] } },
  // The paper's table 2: 133 million for A and A-LRN, 134 for C.
  vgg11lrn: { parameters: 132_863_336 },
  vgg16c: { parameters: 133_638_952 },
  vgg16cbn: { parameters: 133_647_400 },
  smallvgg: { parameters: 550_570 },
  // github.com/jiecaoyu/pytorch-nin-cifar10; the paper says "about one million".
  nin: { parameters: 966_986 },
  inceptionv3: { parameters: 23_834_568, multiplyAdds: 5713 },
  resnet20c: { parameters: 283_962 },
  // A shortcut of option A costs nothing, so these are those of ResNet-20 and ResNet-56.
  plain20: { parameters: 269_722 },
  plain56: { parameters: 853_018 },
  resnext50_32x4d: { parameters: 25_028_904, multiplyAdds: 4230 },
  resnext101_32x8d: { parameters: 88_791_336, multiplyAdds: 16_414 },
  wide_resnet50_2: { parameters: 68_883_240, multiplyAdds: 11_398 },
  // The paper's table 4: 36.5 and 11.0 million.
  wrn28_10: { parameters: 36_479_194 },
  wrn16_8: { parameters: 10_961_370 },
  mobilenetv3_large: { parameters: 5_483_032, multiplyAdds: 217 },
  mobilenetv3_small: { parameters: 2_542_856, multiplyAdds: 56.5 },
  shufflenetv2: { parameters: 2_278_604, multiplyAdds: 145 },
  efficientnetb0: { parameters: 5_288_548, multiplyAdds: 386 },
  convnext_tiny: { parameters: 28_589_128, multiplyAdds: 4456 },
  vit_b_16: { parameters: 86_567_656, multiplyAdds: 17_564 },
  // timm's table of results: 5.72 million, 1.26 billion.
  vit_tiny_patch16: { parameters: 5_717_416, multiplyAdds: 1260 },
  // torchvision's 35,322,218 less the auxiliary head.
  fcn_resnet50: { parameters: 32_957_013, output: { name: 'logits', shape: [1, 21, 520, 520] } },
  unet: { parameters: 31_030_658, output: { name: 'logits', shape: [1, 2, 388, 388] } },
  // The weights of the test data have as many.
  ultraface: { parameters: 260_188, output: { name: 'scores', shape: [1, 4420, 2] } },
  styletransfer: { parameters: 1_679_235, output: { name: 'picture', shape: [1, 3, 256, 256] } },
  espcn: { parameters: 59_657, output: { name: 'picture', shape: [1, 1, 672, 672] } },
  // pjreddie.com: 0.98 billion operations.
  darknet_tiny: { parameters: 1_042_104, multiplyAdds: 490 },
  vww: { parameters: 216_322 },
  mlp: { parameters: 266_610, multiplyAdds: 0.2662 },
  locallyconnected: { parameters: 423_038 },
};

/** In millions, of the other architectures: torchvision's, and for MobileNet v1 the paper's table 4. */
export const MULTIPLY_ADDS: Readonly<Record<string, number>> = {
  vgg11: 7609,
  vgg13: 11_308,
  vgg16: 15_470,
  vgg19: 19_632,
  resnet18: 1814,
  resnet34: 3664,
  resnet50: 4089,
  resnet101: 7801,
  resnet152: 11_514,
  densenet121: 2834,
  densenet169: 3360,
  densenet201: 4291,
  googlenet: 1498,
  mobilenetv1: 569,
  mobilenetv2: 301,
  squeezenet1_0: 819,
  squeezenet1_1: 349,
};
