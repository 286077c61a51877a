// What the host tells a kernel: KernelPlan.cs and PackedTrial.cs are the same bytes.
#pragma once
#include "block.h"

enum { MaximumLayers = 8 };

// One shape of network on one variant of the kernel; offsets in floats. The same for all trials of a launch.
struct Plan {
    int dimensions;      // d
    int featureStride;   // time features, up to a multiple of 4
    int inputs;          // rows of the input: d + featureStride, up to a multiple of 4
    int units;           // width up to a multiple of 8
    int layers;
    int activation;      // Activation.cs
    int parameters;      // floats of the padded parameters, a multiple of 4
    int outputSlices;    // parts of the output layer's sum
    // Padded parameters: weights (in, WeightStride), output weights (d, WeightStride), skip (d, skipStride).
    int weight[MaximumLayers];
    int bias[MaximumLayers];
    int outputWeight;
    int outputBias;
    int skip;
    int skipStride;
    // Shared memory, or a trial's scratch: matrices of (something, RowStride).
    int layerFloats;     // from one layer's activations to the next's
    int atHidden;
    int atSlopes;
    int atInput;
    int atTarget;
    int atOutputGradient;
    int atPartial;       // (slice, d, RowStride)
    int atScale;         // (RowStride)
    int atLevel;         // (RowStride), integers
    int atLoss;          // a float per thread
    int atSums;          // 8 doubles
    int atFlag;          // an integer: where partial is, which is written after it was read
    int atWeights;
    int atGradient;      // (slice, parameters)
    int atFirst;
    int atSecond;
    int floats;          // of all these
};

// One trial of a launch. Pointers are device addresses.
struct Trial {
    const float* points;       // (count, d)
    const float* coefficients; // (4096, 8), as NoiseTable
    const float* features;     // (4096, featureStride)
    const float* rates;        // (steps, 2): learning rate with the first moment's correction, the second's
    float* weights;            // padded, and so are the next two
    float* first;
    float* second;
    float* gradient;           // (slice, parameters) where it doesn't fit into shared memory
    float* scratch;            // what else doesn't
    double* losses;            // (windows)
    ulong64 seed;
    double windowSum;
    double badLoss;            // the loss that wasn't finite
    uint count;                // points
    int batch;
    int steps;                 // of the whole run
    int until;                 // steps after which to stop in this launch
    int step;                  // steps done
    int windows;               // of the loss curve
    int window;                // closed ones
    int diverged;              // 1 when a loss wasn't finite, at step - 1
};
