// The kernels train_WIDTH_NUMBER for the GPU, one block per trial of a launch, and forward_WIDTH and sample_WIDTH; with SWEEP_MATRIX instead those that train
// by the tensor cores, in a module of their own, for the driver compiles whole modules.
#include "variants.h"

#define NAME_(width, number) train_##width##_##number
#define NAME(width, number) NAME_(width, number)

extern __attribute__((shared)) __attribute__((aligned(16))) float sharedMemory[];

#ifdef SWEEP_MATRIX

#define MATRIX(number, threads, rows, tilesM, tilesN, place, blocks) \
    KERNEL(threads, blocks) NAME(SWEEP_WIDTH, number)(Trial* trials, const int* stop, Plan plan) { \
        train<Variant<SWEEP_WIDTH, threads, rows, 4, 4, 4, 1, place, tilesM, tilesN>>(trials, int(__nvvm_read_ptx_sreg_ctaid_x()), stop, plan, sharedMemory); \
    }

SWEEP_MATRIX_VARIANTS(MATRIX)

#else

#define TRAIN(number, threads, rows, tileRows, tileUnits, gradientTile, slices, place, blocks) \
    KERNEL(threads, blocks) NAME(SWEEP_WIDTH, number)(Trial* trials, const int* stop, Plan plan) { \
        train<Variant<SWEEP_WIDTH, threads, rows, tileRows, tileUnits, gradientTile, slices, place>>( \
            trials, int(__nvvm_read_ptx_sreg_ctaid_x()), stop, plan, sharedMemory); \
    }

SWEEP_VARIANTS(TRAIN)

#define FORWARD(threads, rows, tileRows, tileUnits, place, blocks) \
    KERNEL(threads, blocks) NAME2(forward_, SWEEP_WIDTH)(ForwardCall call) { \
        forward<Variant<SWEEP_WIDTH, threads, rows, tileRows, tileUnits, 8, 1, place>>(call, int(__nvvm_read_ptx_sreg_ctaid_x()), sharedMemory); \
    } \
    KERNEL(threads, blocks) NAME2(sample_, SWEEP_WIDTH)(SampleCall call) { \
        sample<Variant<SWEEP_WIDTH, threads, rows, tileRows, tileUnits, 8, 1, place>>(call, int(__nvvm_read_ptx_sreg_ctaid_x()), sharedMemory); \
    }
#define NAME2_(what, width) what##width
#define NAME2(what, width) NAME2_(what, width)

SWEEP_FORWARD(FORWARD)

#endif
