// The kernels that are built, by greatest width: KernelVariant.cs has the same table. X(number, threads, rows per chunk, tile rows, tile units, gradient tile,
// gradient slices, placement, blocks per multiprocessor that the registers must leave room for). Per width, the first that fits a shape and a device is taken;
// the last fits always.
//
// None has been timed yet. Shared memory at batch 256, d = 2, three hidden layers, 32 time features:
//   16: 109 KiB, two blocks per multiprocessor    32: 110 KiB, two    64: 208 KiB, one    128: 218 KiB, one, weights through the caches    256: 226 KiB, one,
//       the same
#pragma once
#include "forward.h"
#include "sample.h"
#include "train.h"

#if SWEEP_WIDTH == 16
#define SWEEP_VARIANTS(X) \
    X(0, 128, 128, 4, 4, 4, 4, AllShared, 2) \
    X(1, 64, 64, 4, 4, 4, 2, AllShared, 4) \
    X(2, 128, 64, 4, 4, 4, 1, AllGlobal, 2)
#elif SWEEP_WIDTH == 32
#define SWEEP_VARIANTS(X) \
    X(0, 128, 64, 4, 4, 8, 2, MomentsGlobal, 2) \
    X(1, 256, 128, 4, 4, 8, 2, MomentsGlobal, 1) \
    X(2, 128, 64, 4, 4, 8, 1, AllGlobal, 2)
#elif SWEEP_WIDTH == 64
#define SWEEP_VARIANTS(X) \
    X(0, 256, 64, 4, 4, 8, 1, MomentsGlobal, 1) \
    X(1, 128, 64, 8, 4, 8, 1, MomentsGlobal, 1) \
    X(2, 256, 64, 4, 4, 8, 1, ParametersGlobal, 1) \
    X(3, 256, 64, 4, 4, 8, 1, AllGlobal, 1)
#elif SWEEP_WIDTH == 128
#define SWEEP_VARIANTS(X) \
    X(0, 256, 64, 8, 4, 8, 1, ParametersGlobal, 1) \
    X(1, 256, 32, 4, 4, 8, 1, ParametersGlobal, 1) \
    X(2, 256, 64, 8, 4, 8, 1, AllGlobal, 1)
#elif SWEEP_WIDTH == 256
#define SWEEP_VARIANTS(X) \
    X(0, 256, 32, 4, 8, 8, 1, ParametersGlobal, 1) \
    X(1, 256, 64, 8, 8, 8, 1, AllGlobal, 1)
#else
#define SWEEP_VARIANTS(X) \
    X(0, 256, 64, 8, 8, 8, 1, AllGlobal, 1)
#endif

// Those that train by the tensor cores: M(number, threads, rows per chunk, a warp's tile in 16 units and 8 rows, placement, blocks per multiprocessor), where
// TrainingPrecision.Tf32 is asked for and the width is 17 or more. The first that fits, as above.
// Shared memory as above: 32: 103 KiB, two blocks    64: 222 KiB, one    128: 181 KiB, one (64 rows would take 232)    256: 251 KiB, too much for an H200's
// 227, so all global; 171 with two layers
#if SWEEP_WIDTH == 16
#define SWEEP_MATRIX_VARIANTS(M)
#elif SWEEP_WIDTH == 32
#define SWEEP_MATRIX_VARIANTS(M) \
    M(3, 128, 64, 1, 4, MomentsGlobal, 2) \
    M(4, 128, 64, 1, 4, AllGlobal, 2)
#elif SWEEP_WIDTH == 64
#define SWEEP_MATRIX_VARIANTS(M) \
    M(4, 256, 64, 2, 2, MomentsGlobal, 1) \
    M(5, 128, 64, 2, 4, MomentsGlobal, 1) \
    M(6, 256, 64, 2, 2, ParametersGlobal, 1) \
    M(7, 256, 64, 2, 2, AllGlobal, 1)
#elif SWEEP_WIDTH == 128
#define SWEEP_MATRIX_VARIANTS(M) \
    M(3, 256, 48, 2, 3, ParametersGlobal, 1) \
    M(4, 256, 32, 2, 2, ParametersGlobal, 1) \
    M(5, 256, 64, 2, 4, AllGlobal, 1)
#elif SWEEP_WIDTH == 256
#define SWEEP_MATRIX_VARIANTS(M) \
    M(2, 256, 32, 2, 4, ParametersGlobal, 1) \
    M(3, 256, 64, 2, 4, AllGlobal, 1)
#else
#define SWEEP_MATRIX_VARIANTS(M) \
    M(1, 256, 64, 2, 4, AllGlobal, 1)
#endif

// The ones that evaluate and sample, by width: FORWARD(threads, rows, tile rows, tile units, placement (of weights, and of units), blocks per multiprocessor):
// ForwardKernel.cs has the same table. Shared memory, d = 2, three hidden layers: 16: 27 KiB   32: 44 KiB   64: 80 KiB   128: 71 KiB   256: 139 KiB
#if SWEEP_WIDTH <= 32
#define SWEEP_FORWARD(FORWARD) FORWARD(128, 64, 4, 4, AllShared, 4)
#elif SWEEP_WIDTH == 64
#define SWEEP_FORWARD(FORWARD) FORWARD(128, 64, 4, 4, AllShared, 2)
#elif SWEEP_WIDTH <= 256
#define SWEEP_FORWARD(FORWARD) FORWARD(256, 64, 8, 4, ParametersGlobal, 1)
#else
#define SWEEP_FORWARD(FORWARD) FORWARD(256, 64, 8, 8, AllGlobal, 1)
#endif
