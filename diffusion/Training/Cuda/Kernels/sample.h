// All reverse steps of a trial in one launch: a block takes V::Rows points through evaluation after evaluation, the network's weights in shared memory where
// they fit, and no point leaves the device. What a sampler does between evaluations is an affine combination of what came before (SamplerTape.cs), so this
// kernel knows none of them: it is told terms and weights. Points and combinations in double, as the processor has them; the network in fp32.
//
// Matrices of points are (d, stride): a coordinate's values of all points side by side, stride a multiple of V::Rows.
#pragma once
#include "passes.h"

enum { PurposeSamplerNoise = 12 };

// One evaluation: x = added + the sum of its terms; the network is given inputScale x; x0-hat = skipScale x + outputScale output, or x itself at a clean level.
struct SampleStep {
    double inputScale;
    double skipScale;
    double outputScale;
    int clean;
    int firstTerm;
    int terms;
    int points;    // slot of x
    int answer;    // slot of x0-hat; -1: nothing asks for it later
    int record;    // which state this is; -1: none
};

// A slot, or, where slot is -1, a step's noise.
struct SampleTerm {
    int slot;
    uint noiseStep;
};

struct SampleCall {
    const float* weights;       // padded, as in training
    const float* firstBias;     // (evaluations, biasStride): the level's time features are in it
    const SampleStep* steps;    // (evaluations)
    const SampleTerm* terms;
    const double* termWeights;  // (terms, d)
    const double* added;        // (evaluations, d)
    double* slots;              // (slots, d, stride)
    double* records;            // (states, 2, d, stride): x and x0-hat
    float* scratch;             // (blocks, scratchFloats) where units don't fit into shared memory
    ulong64 seed;
    int rows;
    int stride;
    int from;                   // evaluations of this launch
    int until;
    int firstRecord;            // the state that comes first in records
    int biasStride;
    int scratchFloats;
    int atInput;                // after the units of two layers: (inputs, RowStride)
    int atPartial;
    int atWeights;              // in shared memory, where they are copied to it
    Plan plan;
};

DEVICE double fma2(double a, double b, double c) { return __builtin_fma(a, b, c); }

template <class V>
DEVICE void sample(const SampleCall& call, int index, float* shared) {
    Block<V::Threads> block;
    const Plan& plan = call.plan;
    int d = plan.dimensions, units = plan.units, first = index * V::Rows, rows = least(V::Rows, call.rows - first), inputs = ceilTo(d, 4);
    float* base = V::Place == AllGlobal ? inGlobal(call.scratch) + ulong64(index) * call.scratchFloats : shared;
    float *hidden = base, *other = base + units * V::RowStride, *input = base + call.atInput, *partial = base + call.atPartial;
    const float* weights = inGlobal(call.weights);
    const double *termWeights = inGlobal(call.termWeights), *added = inGlobal(call.added);
    const SampleTerm* terms = inGlobal(call.terms);
    double *slots = inGlobal(call.slots), *records = inGlobal(call.records);
    ulong64 matrix = ulong64(d) * call.stride;
    if (V::Place <= MomentsGlobal) {
        float* copy = shared + call.atWeights;
        block.each([&](int thread) INLINE {
            for (int item = 4 * thread; item < plan.parameters; item += 4 * V::Threads)
                store4(copy + item, load4(weights + item));
        });
        weights = copy;
    }
#pragma unroll 1
    for (int evaluation = call.from; evaluation < call.until; evaluation++) {
        const SampleStep step = inGlobal(call.steps)[evaluation];
        double* points = slots + step.points * matrix + first;
        double* record = records + (step.record < 0 ? 0 : 2 * (step.record - call.firstRecord) * matrix) + first;
        block.each([&](int thread) INLINE {
            for (int item = thread; item < V::Rows * (inputs / 4); item += V::Threads) {
                int row = item % V::Rows, column = item / V::Rows * 4, columns = least(4, d - column);
                double x[4] = {0, 0, 0, 0};
                if (row < rows) {
#pragma unroll
                    for (int i = 0; i < 4; i++)
                        if (i < columns)
                            x[i] = added[evaluation * d + column + i];
#pragma unroll 1
                    for (int term = step.firstTerm; term < step.firstTerm + step.terms; term++) {
                        const double* weight = termWeights + ulong64(term) * d + column;
                        int slot = terms[term].slot;
                        if (slot >= 0) {
                            const double* from = slots + slot * matrix + ulong64(column) * call.stride + first + row;
#pragma unroll
                            for (int i = 0; i < 4; i++)
                                if (i < columns)
                                    x[i] = fma2(weight[i], from[ulong64(i) * call.stride], x[i]);
                        } else {
                            Words w = philox(call.seed, uint(column) / 4, uint(first + row), terms[term].noiseStep, PurposeSamplerNoise);
                            float noise[4] = {0, 0, 0, 0};
                            boxMuller(w.a, w.b, noise[0], noise[1]);
                            if (columns > 2)
                                boxMuller(w.c, w.d, noise[2], noise[3]);
#pragma unroll
                            for (int i = 0; i < 4; i++)
                                if (i < columns)
                                    x[i] = fma2(weight[i], noise[i], x[i]);
                        }
                    }
#pragma unroll
                    for (int i = 0; i < 4; i++)
                        if (i < columns) {
                            ulong64 at = ulong64(column + i) * call.stride + row;
                            points[at] = x[i];
                            if (step.record >= 0)
                                record[at] = x[i];
                        }
                }
#pragma unroll
                for (int i = 0; i < 4; i++)
                    input[(column + i) * V::RowStride + row] = float(step.inputScale * x[i]);
            }
        });
        if (!step.clean)
            evaluate<V>(block, plan, weights, inGlobal(call.firstBias) + ulong64(evaluation) * call.biasStride, input, hidden, other, partial);
        block.each([&](int thread) INLINE {
            for (int item = thread; item < V::Rows * d; item += V::Threads) {
                int row = item % V::Rows, j = item / V::Rows;
                if (row >= rows)
                    continue;
                ulong64 at = ulong64(j) * call.stride + row;
                double x = points[at];
                if (!step.clean)
                    x = fma2(step.outputScale, outputOf<V>(plan, weights, partial, input, j, row), step.skipScale * x);
                if (step.answer >= 0)
                    slots[step.answer * matrix + first + at] = x;
                if (step.record >= 0)
                    record[matrix + at] = x;
            }
        });
    }
}
