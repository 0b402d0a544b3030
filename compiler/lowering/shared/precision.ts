/**
 * How exact a package's convolutions are. `fast` takes every algorithm. `training` leaves out Winograd's larger tiles: their
 * results differ by 1e-4 of the largest number, too much for gradients. `exact` takes none of Winograd's algorithms, which
 * compute sums from differences.
 */
export type Precision = 'fast' | 'training' | 'exact';
