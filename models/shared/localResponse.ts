/**
 * Local response normalization as in AlexNet and the nets after it. A. Krizhevsky, I. Sutskever and G. Hinton,
 * "ImageNet Classification with Deep Convolutional Neural Networks", NIPS 2012, section 3.3.
 */

/** k = 2, n = 5, beta = 0.75 and alpha = 1e-4, which PyTorch divides by n. */
export const localResponse = { size: 5, alpha: 5e-4, beta: 0.75, k: 2 };
