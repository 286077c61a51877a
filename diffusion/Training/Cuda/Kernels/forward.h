// A network's output for many rows at one noise level: what a sampler asks for with every step. A block takes V::Rows rows; it reads them once, keeps two
// layers' units in shared memory, and writes the output once.
//
// The level's time features have been multiplied with the first layer's weights by the host (they are the same for all rows), so that layer's product runs over
// the d coordinates alone.
#pragma once
#include "passes.h"

struct ForwardCall {
    const float* weights;    // padded, as in training
    const float* firstBias;  // (units)
    const float* x;          // (rows, d), scaled for the network
    float* output;           // (rows, d)
    float* scratch;          // (blocks, scratchFloats) where units don't fit into shared memory
    int rows;
    int scratchFloats;
    int atInput;             // after the units of two layers: (inputs, RowStride)
    int atPartial;
    int atWeights;           // in shared memory, where they are copied to it
    int unused;
    Plan plan;
};

template <class V>
DEVICE void forward(const ForwardCall& call, int index, float* shared) {
    Block<V::Threads> block;
    const Plan& plan = call.plan;
    int d = plan.dimensions, units = plan.units, first = index * V::Rows, rows = least(V::Rows, call.rows - first), inputs = ceilTo(d, 4);
    float* base = V::Place == AllGlobal ? inGlobal(call.scratch) + ulong64(index) * call.scratchFloats : shared;
    float *hidden = base, *other = base + units * V::RowStride, *input = base + call.atInput, *partial = base + call.atPartial;
    const float *weights = inGlobal(call.weights), *x = inGlobal(call.x) + ulong64(first) * d;
    if (V::Place <= MomentsGlobal) {
        float* copy = shared + call.atWeights;
        block.each([&](int thread) INLINE {
            for (int item = 4 * thread; item < plan.parameters; item += 4 * V::Threads)
                store4(copy + item, load4(weights + item));
        });
        weights = copy;
    }
    block.each([&](int thread) INLINE {
        // Neighbouring threads read neighbouring floats; rows and inputs beyond what is there are zero.
        for (int item = thread; item < V::Rows * d; item += V::Threads)
            input[item % d * V::RowStride + item / d] = item < rows * d ? x[item] : 0;
        for (int item = thread; item < (inputs - d) * V::Rows; item += V::Threads)
            input[(d + item / V::Rows) * V::RowStride + item % V::Rows] = 0;
    });
    evaluate<V>(block, plan, weights, inGlobal(call.firstBias), input, hidden, other, partial);
    float* output = inGlobal(call.output) + ulong64(first) * d;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < rows * d; item += V::Threads)
            output[item] = outputOf<V>(plan, weights, partial, input, item % d, item / d);
    });
}
