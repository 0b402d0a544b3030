/**
 * The precision of a package's convolutions. `fast` allows every algorithm. `training` excludes Winograd's larger
 * tiles: their results differ by 1e-4 of the largest number, which is too much for gradients. `exact` excludes all
 * Winograd algorithms, because they compute sums from differences.
 */
export type Precision = 'fast' | 'training' | 'exact';
