// The kernels of measure.h for the GPU.
#include "measure.h"

extern __attribute__((shared)) __attribute__((aligned(16))) float sharedMemory[];

KERNEL(MeasureThreads, 4) log_density(DensityCall call) { logDensity(call, int(__nvvm_read_ptx_sreg_ctaid_x()), sharedMemory); }
KERNEL(MeasureThreads, 4) pair_distances(PairCall call) { pairDistances(call, int(__nvvm_read_ptx_sreg_ctaid_x()), sharedMemory); }
KERNEL(MeasureThreads, 4) unmap_states(UnmapCall call) { unmap(call, int(__nvvm_read_ptx_sreg_ctaid_x()), sharedMemory); }
