// The kernels that are built, by greatest width: KernelVariant.cs has the same table. X(number, threads, rows per chunk, tile rows, tile units, gradient tile, gradient slices, placement, blocks per
// multiprocessor that the registers must leave room for). Per width, the first that fits a shape and a device is taken; the last fits always.
//
// None has been timed yet. Shared memory at batch 256, d = 2, three hidden layers, 32 time features:
//   16: 109 KiB, two blocks per multiprocessor    32: 110 KiB, two    64: 208 KiB, one    128: 218 KiB, one, weights through the caches    256: 226 KiB, one, the same
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

// The ones that evaluate and sample, by width: FORWARD(threads, rows, tile rows, tile units, placement (of weights, and of units), blocks per multiprocessor): ForwardKernel.cs has the same table.
// Shared memory, d = 2, three hidden layers: 16: 27 KiB   32: 44 KiB   64: 80 KiB   128: 71 KiB   256: 139 KiB
#if SWEEP_WIDTH <= 32
#define SWEEP_FORWARD(FORWARD) FORWARD(128, 64, 4, 4, AllShared, 4)
#elif SWEEP_WIDTH == 64
#define SWEEP_FORWARD(FORWARD) FORWARD(128, 64, 4, 4, AllShared, 2)
#elif SWEEP_WIDTH <= 256
#define SWEEP_FORWARD(FORWARD) FORWARD(256, 64, 8, 4, ParametersGlobal, 1)
#else
#define SWEEP_FORWARD(FORWARD) FORWARD(256, 64, 8, 8, AllGlobal, 1)
#endif
