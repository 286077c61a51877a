// Training: a block of threads per trial, thousands of steps per launch, weights and optimiser state on the chip where they fit.
#pragma once
#include "passes.h"

enum { LevelRows = 4096, LevelColumns = 8, StepsPerLook = 16 };

// Where a trial's matrices are.
struct Room {
    float *hidden, *slopes, *input, *target, *outputGradient, *partial, *scale, *loss, *weights, *gradient, *first, *second;
    int *level, *flag;
    double* sums;
};

template <class V>
DEVICE Room arrange(const Trial& trial, const Plan& plan, float* shared) {
    float* base = V::Place == AllGlobal ? inGlobal(trial.scratch) : shared;
    Room room;
    room.hidden = base + plan.atHidden;
    room.slopes = base + plan.atSlopes;
    room.input = base + plan.atInput;
    room.target = base + plan.atTarget;
    room.outputGradient = base + plan.atOutputGradient;
    room.partial = base + plan.atPartial;
    room.scale = base + plan.atScale;
    room.level = (int*)(base + plan.atLevel);
    room.loss = base + plan.atLoss;
    room.sums = (double*)(base + plan.atSums);
    room.flag = (int*)(base + plan.atFlag);
    room.weights = V::Place <= MomentsGlobal ? shared + plan.atWeights : inGlobal(trial.weights);
    room.gradient = V::Place <= MomentsGlobal ? shared + plan.atGradient : inGlobal(trial.gradient);
    room.first = V::Place == AllShared ? shared + plan.atFirst : inGlobal(trial.first);
    room.second = V::Place == AllShared ? shared + plan.atSecond : inGlobal(trial.second);
    return room;
}

// Rows first … of a step's batch: inputs, targets, the rows' weights. BatchSource.cs, bit for bit. Rows beyond the batch are zero and weigh nothing.
template <class V>
DEVICE void fill(Block<V::Threads> block, const Trial& trial, const Plan& plan, const Room& room, int step, int first) {
    int d = plan.dimensions, batch = trial.batch;
    const float *points = inGlobal(trial.points), *coefficients = inGlobal(trial.coefficients), *features = inGlobal(trial.features);
    float scale = float(2.0 / (double(batch) * d));
    block.each([&](int thread) INLINE {
        for (int row = thread; row < V::Rows; row += V::Threads) {
            uint id = uint(first + row);
            if (int(id) >= batch) {
                room.level[row] = -1;
                room.scale[row] = 0;
                for (int i = 0; i < d; i++)
                    room.input[i * V::RowStride + row] = room.target[i * V::RowStride + row] = 0;
                continue;
            }
            Words chosen = philox(trial.seed, 0, id, uint(step), PurposeTrainingBatch);
            uint point = uint(ulong64(chosen.a) * trial.count >> 32);
            uint level = (id * LevelRows + (chosen.b >> 20)) / uint(batch);
            const float* x0 = points + ulong64(point) * d;
            Quad c = load4(coefficients + level * LevelColumns);
            room.level[row] = int(level);
            room.scale[row] = coefficients[level * LevelColumns + 4] * scale;
            for (int column = 0; column < d; column += 4) {
                Words w = philox(trial.seed, uint(column) / 4, id, uint(step), PurposeTrainingNoise);
                float noise[4] = {0, 0, 0, 0};
                boxMuller(w.a, w.b, noise[0], noise[1]);
                if (d - column > 2)
                    boxMuller(w.c, w.d, noise[2], noise[3]);
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    if (column + i < d) {
                        float clean = x0[column + i];
                        room.input[(column + i) * V::RowStride + row] = fma1(c[1], noise[i], c[0] * clean);
                        room.target[(column + i) * V::RowStride + row] = fma1(c[3], noise[i], c[2] * clean);
                    }
                }
            }
        }
    });
    int quads = plan.featureStride / 4;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < V::Rows * quads; item += V::Threads) {
            int quad = item % quads, row = item / quads, level = room.level[row];
            Quad f = level < 0 ? all4(0) : load4(features + ulong64(level) * plan.featureStride + 4 * quad);
            float* target = room.input + (d + 4 * quad) * V::RowStride + row;
#pragma unroll
            for (int i = 0; i < 4; i++)
                target[i * V::RowStride] = f[i];
        }
    });
}

// Forward and backward over rows first … of the batch. The gradient is written by the first chunk and added to by the others; after the last one, sums hold the
// loss in 8 parts, doubled.
template <class V>
DEVICE void chunk(Block<V::Threads> block, const Trial& trial, const Plan& plan, const Room& room, int step, int first) {
    int layers = plan.layers, units = plan.units, d = plan.dimensions;
    fill<V>(block, trial, plan, room, step, first);
    if constexpr (V::Matrix)
        affineMatrix<V, true>(block, room.weights + plan.weight[0], room.weights + plan.bias[0], room.input, plan.inputs, room.hidden, room.slopes,
            units, plan.activation);
    else
        affine<V>(block, room.weights + plan.weight[0], room.weights + plan.bias[0], room.input, plan.inputs, room.hidden, room.slopes, units, plan.activation);
#pragma unroll 1
    for (int layer = 1; layer < layers; layer++) {
        float *h = room.hidden + layer * plan.layerFloats, *s = room.slopes + layer * plan.layerFloats;
        const float *weight = room.weights + plan.weight[layer], *bias = room.weights + plan.bias[layer];
        if constexpr (V::Matrix)
            affineMatrix<V, false>(block, weight, bias, h - plan.layerFloats, units, h, s, units, plan.activation);
        else
            affine<V>(block, weight, bias, h - plan.layerFloats, units, h, s, units, plan.activation);
    }

    float *hidden = room.hidden + (layers - 1) * plan.layerFloats, *slopes = room.slopes + (layers - 1) * plan.layerFloats;
    outputParts<V>(block, plan, room.weights + plan.outputWeight, hidden, room.partial);
    block.each([&](int thread) INLINE {
        float loss = first > 0 ? room.loss[thread] : 0;
        for (int item = thread; item < V::Rows * d; item += V::Threads) {
            int row = item % V::Rows, j = item / V::Rows;
            float difference = outputOf<V>(plan, room.weights, room.partial, room.input, j, row) - room.target[j * V::RowStride + row];
            float gradient = difference * room.scale[row];
            room.outputGradient[j * V::RowStride + row] = gradient;
            loss = fma1(difference, gradient, loss);
        }
        room.loss[thread] = loss;
    });
    throughOutput<V>(block, room.weights + plan.outputWeight, room.outputGradient, d, slopes, units);
#pragma unroll 1
    for (int layer = layers - 1; layer > 0; layer--) {
        const float *weight = room.weights + plan.weight[layer], *upstream = room.slopes + layer * plan.layerFloats;
        float* slopesBelow = room.slopes + (layer - 1) * plan.layerFloats;
        if constexpr (V::Matrix)
            throughLayerMatrix<V>(block, weight, upstream, units, slopesBelow, units);
        else
            throughLayer<V>(block, weight, upstream, units, slopesBelow, units);
    }

    int rows = least(ceilTo(trial.batch - first, V::Matrix ? 8 : 4), V::Rows);
    bool accumulate = first > 0, last = first + V::Rows >= trial.batch;
    if constexpr (V::Matrix)
        block.eachWarp([&](int warp, Warp lanes) INLINE {
            int taken = gradientMatrix<V, true>(warp, lanes, 0, room.input, plan.inputs, room.slopes, units, room.gradient + plan.weight[0], rows, accumulate);
#pragma unroll 1
            for (int layer = 1; layer < layers; layer++)
                taken = gradientMatrix<V, false>(warp, lanes, taken, room.hidden + (layer - 1) * plan.layerFloats, units,
                    room.slopes + layer * plan.layerFloats, units, room.gradient + plan.weight[layer], rows, accumulate);
        });
    block.each([&](int thread) INLINE {
        if (last && thread < 8) {
            double sum = 0;
            for (int i = 0; i < V::Threads / 8; i++)
                sum += room.loss[thread * (V::Threads / 8) + i];
            room.sums[thread] = sum;
        }
        int taken = 0;
#pragma unroll 1
        for (int layer = V::Matrix ? layers : 0; layer < layers; layer++) {
            const float* input = layer == 0 ? room.input : room.hidden + (layer - 1) * plan.layerFloats;
            taken = gradientProduct<V>(thread, taken, input, layer == 0 ? plan.inputs : units, room.slopes + layer * plan.layerFloats, units,
                room.gradient + plan.weight[layer], V::WeightStride, plan.parameters, rows, accumulate);
        }
        taken = gradientProduct<V>(thread, taken, room.outputGradient, d, hidden, units, room.gradient + plan.outputWeight, V::WeightStride,
            plan.parameters, rows, accumulate);
        taken = gradientProduct<V>(thread, taken, room.outputGradient, d, room.input, d, room.gradient + plan.skip, plan.skipStride,
            plan.parameters, rows, accumulate);
#pragma unroll 1
        for (int layer = 0; layer < layers; layer++)
            taken = gradientSums<V>(thread, taken, room.slopes + layer * plan.layerFloats, units, room.gradient + plan.bias[layer], rows, accumulate);
        gradientSums<V>(thread, taken, room.outputGradient, d, room.gradient + plan.outputBias, rows, accumulate);
    });
}

// RowKernels.Adam.
template <class V>
DEVICE void adam(Block<V::Threads> block, const Plan& plan, const Room& room, float rate, float correction) {
    const float Beta1 = 0.9f, Keep1 = float(1 - 0.9), Beta2 = 0.999f, Keep2 = float(1 - 0.999), Epsilon = 1e-8f;
    block.each([&](int thread) INLINE {
        for (int item = 4 * thread; item < plan.parameters; item += 4 * V::Threads) {
            Quad g = load4(room.gradient + item);
#pragma unroll
            for (int slice = 1; slice < V::Slices; slice++)
                g += load4(room.gradient + slice * plan.parameters + item);
            Quad m = load4(room.first + item), v = load4(room.second + item), w = load4(room.weights + item);
#pragma unroll
            for (int i = 0; i < 4; i++) {
                m[i] = fma1(Beta1, m[i], Keep1 * g[i]);
                v[i] = fma1(Beta2, v[i], Keep2 * (g[i] * g[i]));
                w[i] = fma1(-rate, m[i] / fma1(root(v[i]), correction, Epsilon), w[i]);
            }
            store4(room.first + item, m);
            store4(room.second + item, v);
            store4(room.weights + item, w);
        }
    });
}

template <class V>
DEVICE void copyState(Block<V::Threads> block, const Trial& trial, const Plan& plan, const Room& room, bool toShared) {
    block.each([&](int thread) INLINE {
        for (int item = 4 * thread; item < plan.parameters; item += 4 * V::Threads) {
            if (V::Place <= MomentsGlobal)
                toShared ? store4(room.weights + item, load4(inGlobal(trial.weights) + item))
                    : store4(inGlobal(trial.weights) + item, load4(room.weights + item));
            if (V::Place == AllShared) {
                toShared ? store4(room.first + item, load4(inGlobal(trial.first) + item)) : store4(inGlobal(trial.first) + item, load4(room.first + item));
                toShared ? store4(room.second + item, load4(inGlobal(trial.second) + item)) : store4(inGlobal(trial.second) + item, load4(room.second + item));
            }
        }
    });
}

// Steps step … until - 1 of one trial, or up to where stop is seen to be set. A loss that isn't finite ends the trial with the weights as before that step.
template <class V>
DEVICE void train(Trial* trials, int index, const int* stop, const Plan& plan, float* shared) {
    Block<V::Threads> block;
    Trial trial = trials[index];
    int step = trial.step, window = trial.window;
    double windowSum = trial.windowSum;
    if (step >= trial.until || trial.diverged)
        return;
    Room room = arrange<V>(trial, plan, shared);
    copyState<V>(block, trial, plan, room, true);
    // Padding is never written, and Adam passes over it.
    block.each([&](int thread) INLINE {
        for (int item = thread; item < V::Slices * plan.parameters; item += V::Threads)
            room.gradient[item] = 0;
        for (int item = thread; item < plan.inputs * V::RowStride; item += V::Threads)
            room.input[item] = 0;
    });

    bool diverged = false;
    double loss = 0;
#pragma unroll 1
    while (step < trial.until) {
        if (step % StepsPerLook == 0) {
            block.each([&](int thread) INLINE {
                if (thread == 0)
                    room.flag[0] = readFresh(stop);
            });
            if (room.flag[0])
                break;
        }

#pragma unroll 1
        for (int first = 0; first < trial.batch; first += V::Rows)
            chunk<V>(block, trial, plan, room, step, first);
        loss = 0;
        for (int i = 0; i < 8; i++)
            loss += room.sums[i];
        loss *= 0.5;
        step++;
        if (!(loss - loss == 0)) {
            diverged = true;
            break;
        }

        const float* rates = inGlobal(trial.rates) + 2 * (ulong64(step) - 1);
        adam<V>(block, plan, room, rates[0], rates[1]);
        windowSum += loss;
        long long begin = (long long)window * trial.steps / trial.windows, end = (window + 1LL) * trial.steps / trial.windows;
        if (step == end) {
            block.each([&](int thread) INLINE {
                if (thread == 0)
                    inGlobal(trial.losses)[window] = windowSum / double(end - begin);
            });
            window++;
            windowSum = 0;
        }
    }

    copyState<V>(block, trial, plan, room, false);
    block.each([&](int thread) INLINE {
        if (thread == 0) {
            Trial* t = inGlobal(trials + index);
            t->step = step;
            t->window = window;
            t->windowSum = windowSum;
            if (diverged) {
                t->diverged = 1;
                t->badLoss = loss;
            }
        }
    });
}
