// The passes of a training step over one chunk of a batch. Matrices lie (unit, RowStride): a unit's values of all rows of the chunk side by side, so that
// forward, the inputs' gradient and the weights' gradient all read 16 bytes at a time, none needs a transposed copy, and lanes of a warp that read neighbouring
// units meet different banks (both strides are 4 modulo 32).
//
// Every product is cut into register tiles, 8 x 4 tiles to a warp. Reads of shared memory per multiply-add, which is what a tile must keep low (an H200's
// multiprocessor does 128 of these per clock and reads 32 floats): (TileRows + TileUnits) / (TileRows TileUnits) floats, and a warp's 8 tiles of the same units
// share their reads.
#pragma once
#include "block.h"
#include "numbers.h"
#include "matrix.h"
#include "plan.h"

// Where a variant keeps what. Everything in the block's shared memory; Adam's moments in global memory (the second-level cache); parameters and gradient as
// well; all.
enum Placement { AllShared = 0, MomentsGlobal = 1, ParametersGlobal = 2, AllGlobal = 3 };

template <int ClassWidth, int ThreadCount, int ChunkRows, int RowsPerTile, int UnitsPerTile, int GradientTile, int GradientSlices, int Where,
    int WarpTilesM = 0, int WarpTilesN = 0>
struct Variant {
    static constexpr int Width = ClassWidth;         // greatest
    static constexpr int Threads = ThreadCount;
    static constexpr int Rows = ChunkRows;           // of a batch at a time
    static constexpr int TileRows = RowsPerTile;     // register tile of the products over rows
    static constexpr int TileUnits = UnitsPerTile;
    static constexpr int GradientA = 4;              // register tile of the weights' gradient
    static constexpr int GradientB = GradientTile;
    static constexpr int Slices = GradientSlices;    // rows of a chunk are shared out to this many tiles of the weights' gradient
    static constexpr int Place = Where;
    static constexpr bool Matrix = WarpTilesM > 0;   // hidden layers' products by the tensor cores
    static constexpr int MatrixM = WarpTilesM;       // a warp's tile of theirs: 16 units times this, 8 rows times that
    static constexpr int MatrixN = WarpTilesN;
    static constexpr int RowStride = ChunkRows + (Matrix ? 8 : 4);
    static constexpr int WeightStride = ClassWidth + (Matrix ? 8 : 4);
    static constexpr int RowTiles = ChunkRows / RowsPerTile;
    static_assert(Matrix || RowTiles % 8 == 0, "a warp takes 8 row tiles");
    static_assert(!Matrix || (RowStride % 16 == 8 && WeightStride % 16 == 8), "8 or 24 modulo 32");
    static_assert(!Matrix || (GradientSlices == 1 && ChunkRows % (8 * WarpTilesN) == 0 && ClassWidth % (16 * WarpTilesM) == 0),
        "whole tiles of the tensor cores");
};

// Which of 8 x 4 tiles per warp an item is.
struct Tile { int a, b; };

DEVICE Tile tileOf(int item, int tilesA) {
    int lane = item & 31, group = item >> 5, groupsA = tilesA >> 3;
    return {(lane & 7) + 8 * (group % groupsA), (lane >> 3) + 4 * (group / groupsA)};
}

template <class Function, bool Slopes, int TileRows, int TileUnits, int RowStride>
DEVICE void storeActivated(const float (&sum)[TileUnits][TileRows], float* hidden, float* slopes, int rowStep, int unitStep, int units, int firstUnit) {
#pragma unroll
    for (int b = 0; b < TileUnits; b++) {
        int unit = firstUnit + (b & 3) + (b >> 2) * unitStep;
        if (unit >= units)
            continue;
#pragma unroll
        for (int g = 0; g < TileRows / 4; g++) {
            Quad value, slope;
#pragma unroll
            for (int i = 0; i < 4; i++) {
                Activated y = Function::at(sum[b][4 * g + i]);
                value[i] = y.value;
                slope[i] = y.slope;
            }
            store4(hidden + unit * RowStride + g * rowStep, value);
            if (Slopes)
                store4(slopes + unit * RowStride + g * rowStep, slope);
        }
    }
}

// hidden (units, RowStride) = f(weight^T input + bias), slopes = f' where they are wanted. weight (inputs, WeightStride), input (inputs, RowStride), inputs a
// multiple of 4, units of 8.
template <class V, bool Slopes = true>
DEVICE void affine(Block<V::Threads> block, const float* weight, const float* bias, const float* input, int inputs, float* hidden, float* slopes,
    int units, int activation) {
    constexpr int TileRows = V::TileRows, TileUnits = V::TileUnits, RowGroups = TileRows / 4, UnitGroups = TileUnits / 4, RowStep = 4 * V::RowTiles;
    int unitTiles = (units + TileUnits - 1) / TileUnits, unitStep = 4 * unitTiles;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < V::RowTiles * ceilTo(unitTiles, 4); item += V::Threads) {
            Tile tile = tileOf(item, V::RowTiles);
            if (tile.b >= unitTiles)
                continue;
            float sum[TileUnits][TileRows];
#pragma unroll
            for (int b = 0; b < TileUnits; b++) {
                int unit = 4 * tile.b + (b & 3) + (b >> 2) * unitStep;
                float start = bias[unit];
#pragma unroll
                for (int a = 0; a < TileRows; a++)
                    sum[b][a] = start;
            }
            const float *x = input + 4 * tile.a, *w = weight + 4 * tile.b;
#pragma unroll 1
            for (int k = 0; k < inputs; k += 4, x += 4 * V::RowStride, w += 4 * V::WeightStride) {
#pragma unroll
                for (int kk = 0; kk < 4; kk++) {
                    Quad rows[RowGroups], columns[UnitGroups];
#pragma unroll
                    for (int g = 0; g < RowGroups; g++)
                        rows[g] = load4(x + kk * V::RowStride + g * RowStep);
#pragma unroll
                    for (int g = 0; g < UnitGroups; g++)
                        columns[g] = load4(w + kk * V::WeightStride + g * unitStep);
#pragma unroll
                    for (int b = 0; b < TileUnits; b++)
#pragma unroll
                        for (int a = 0; a < TileRows; a++)
                            sum[b][a] = fma1(columns[b >> 2][b & 3], rows[a >> 2][a & 3], sum[b][a]);
                }
            }
            float *h = hidden + 4 * tile.a, *s = slopes + 4 * tile.a;
            switch (activation) {
            case 0: storeActivated<Silu, Slopes, TileRows, TileUnits, V::RowStride>(sum, h, s, RowStep, unitStep, units, 4 * tile.b); break;
            case 1: storeActivated<Relu, Slopes, TileRows, TileUnits, V::RowStride>(sum, h, s, RowStep, unitStep, units, 4 * tile.b); break;
            case 2: storeActivated<Tanh, Slopes, TileRows, TileUnits, V::RowStride>(sum, h, s, RowStep, unitStep, units, 4 * tile.b); break;
            default: storeActivated<Gelu, Slopes, TileRows, TileUnits, V::RowStride>(sum, h, s, RowStep, unitStep, units, 4 * tile.b); break;
            }
        }
    });
}

// slopes (units, RowStride) *= weight upstream: the gradient before a layer's activation from the one before the next layer's. weight (units, WeightStride),
// upstream (outputs, RowStride).
template <class V>
DEVICE void throughLayer(Block<V::Threads> block, const float* weight, const float* upstream, int outputs, float* slopes, int units) {
    constexpr int TileRows = V::TileRows, TileUnits = V::TileUnits, RowGroups = TileRows / 4, RowStep = 4 * V::RowTiles;
    int unitTiles = (units + TileUnits - 1) / TileUnits;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < V::RowTiles * ceilTo(unitTiles, 4); item += V::Threads) {
            Tile tile = tileOf(item, V::RowTiles);
            if (tile.b >= unitTiles)
                continue;
            // Units a tile's distance apart, so that the lanes' weights lie in neighbouring rows.
            const float* w[TileUnits];
            float sum[TileUnits][TileRows];
#pragma unroll
            for (int b = 0; b < TileUnits; b++) {
                w[b] = weight + least(tile.b + b * unitTiles, units - 1) * V::WeightStride;
#pragma unroll
                for (int a = 0; a < TileRows; a++)
                    sum[b][a] = 0;
            }
            const float* u = upstream + 4 * tile.a;
#pragma unroll 1
            for (int o = 0; o < outputs; o += 4, u += 4 * V::RowStride) {
                Quad columns[TileUnits];
#pragma unroll
                for (int b = 0; b < TileUnits; b++)
                    columns[b] = load4(w[b] + o);
#pragma unroll
                for (int oo = 0; oo < 4; oo++) {
                    Quad rows[RowGroups];
#pragma unroll
                    for (int g = 0; g < RowGroups; g++)
                        rows[g] = load4(u + oo * V::RowStride + g * RowStep);
#pragma unroll
                    for (int b = 0; b < TileUnits; b++)
#pragma unroll
                        for (int a = 0; a < TileRows; a++)
                            sum[b][a] = fma1(columns[b][oo], rows[a >> 2][a & 3], sum[b][a]);
                }
            }
#pragma unroll
            for (int b = 0; b < TileUnits; b++) {
                int unit = tile.b + b * unitTiles;
                if (unit >= units)
                    continue;
#pragma unroll
                for (int g = 0; g < RowGroups; g++) {
                    float* s = slopes + unit * V::RowStride + 4 * tile.a + g * RowStep;
                    store4(s, load4(s) * Quad{sum[b][4 * g], sum[b][4 * g + 1], sum[b][4 * g + 2], sum[b][4 * g + 3]});
                }
            }
        }
    });
}

// The last layer's gradient before its activation: slopes (units, RowStride) *= weight^T gradient. weight (d, WeightStride), gradient (d, RowStride); d is
// small.
template <class V>
DEVICE void throughOutput(Block<V::Threads> block, const float* weight, const float* gradient, int dimensions, float* slopes, int units) {
    constexpr int Quads = V::Rows / 4;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < Quads * units; item += V::Threads) {
            int row = 4 * (item % Quads), unit = item / Quads;
            Quad sum = all4(0);
            for (int j = 0; j < dimensions; j++)
                sum = fma4(load4(gradient + j * V::RowStride + row), weight[j * V::WeightStride + unit], sum);
            float* s = slopes + unit * V::RowStride + row;
            Quad product = load4(s) * sum;
            if (V::Matrix)
#pragma unroll
                for (int i = 0; i < 4; i++)
                    product[i] = toTf32(product[i]);
            store4(s, product);
        }
    });
}

// Parts of the output layer: partial (slice, d, RowStride) = sums of weight hidden over each slice's units.
template <class V, int Outputs>
DEVICE void outputPartial(int item, const Plan& plan, const float* weight, const float* hidden, float* partial) {
    int row = item % V::Rows, rest = item / V::Rows, groups = (plan.dimensions + Outputs - 1) / Outputs;
    int first = Outputs * (rest % groups), slice = rest / groups, share = ceilTo(plan.units / plan.outputSlices, 4);
    int begin = slice * share, end = least(begin + share, plan.units);
    const float* w[Outputs];
    float sum[Outputs];
#pragma unroll
    for (int j = 0; j < Outputs; j++) {
        w[j] = weight + least(first + j, plan.dimensions - 1) * V::WeightStride;
        sum[j] = 0;
    }
    for (int u = begin; u < end; u += 4) {
        float h[4];
#pragma unroll
        for (int q = 0; q < 4; q++)
            h[q] = hidden[(u + q) * V::RowStride + row];
#pragma unroll
        for (int j = 0; j < Outputs; j++) {
            Quad column = load4(w[j] + u);
#pragma unroll
            for (int q = 0; q < 4; q++)
                sum[j] = fma1(column[q], h[q], sum[j]);
        }
    }
#pragma unroll
    for (int j = 0; j < Outputs; j++)
        if (first + j < plan.dimensions)
            partial[(slice * plan.dimensions + first + j) * V::RowStride + row] = sum[j];
}

template <class V>
DEVICE void outputParts(Block<V::Threads> block, const Plan& plan, const float* weight, const float* hidden, float* partial) {
    int d = plan.dimensions;
    block.each([&](int thread) INLINE {
        if (d == 1)
            for (int item = thread; item < V::Rows * plan.outputSlices; item += V::Threads)
                outputPartial<V, 1>(item, plan, weight, hidden, partial);
        else if (d == 2)
            for (int item = thread; item < V::Rows * plan.outputSlices; item += V::Threads)
                outputPartial<V, 2>(item, plan, weight, hidden, partial);
        else
            for (int item = thread; item < V::Rows * plan.outputSlices * ((d + 3) / 4); item += V::Threads)
                outputPartial<V, 4>(item, plan, weight, hidden, partial);
    });
}

// All layers forward, for the output's sake alone: from input (inputs, RowStride) to the output's parts. hidden and other are (units, RowStride) and hold
// nothing afterwards.
template <class V>
DEVICE void evaluate(Block<V::Threads> block, const Plan& plan, const float* weights, const float* firstBias, const float* input, float* hidden,
    float* other, float* partial) {
    affine<V, false>(block, weights + plan.weight[0], firstBias, input, ceilTo(plan.dimensions, 4), hidden, nullptr, plan.units, plan.activation);
#pragma unroll 1
    for (int layer = 1; layer < plan.layers; layer++) {
        affine<V, false>(block, weights + plan.weight[layer], weights + plan.bias[layer], hidden, plan.units, other, nullptr, plan.units, plan.activation);
        float* swap = hidden;
        hidden = other;
        other = swap;
    }
    outputParts<V>(block, plan, weights + plan.outputWeight, hidden, partial);
}

// Output j of a row: the parts, the bias and the skip.
template <class V>
DEVICE float outputOf(const Plan& plan, const float* parameters, const float* partial, const float* input, int j, int row) {
    float sum = parameters[plan.outputBias + j];
    for (int slice = 0; slice < plan.outputSlices; slice++)
        sum += partial[(slice * plan.dimensions + j) * V::RowStride + row];
    const float* skip = parameters + plan.skip + j * plan.skipStride;
    for (int i = 0; i < plan.dimensions; i++)
        sum = fma1(skip[i], input[i * V::RowStride + row], sum);
    return sum;
}

// One tile of gradient (a, b) += left (a, RowStride) right (b, RowStride)^T, over a slice of the chunk's rows. Units of a tile lie a tile's distance apart, for
// the banks' sake.
template <class V>
DEVICE void gradientTile(int item, const float* left, int countA, const float* right, int countB, float* gradient, int stride, int sliceFloats, int rows,
    bool accumulate) {
    constexpr int A = V::GradientA, B = V::GradientB;
    int tilesA = (countA + A - 1) / A, tilesB = (countB + B - 1) / B, slice, tileA, tileB;
    if (tilesA % 8 == 0 && tilesB % 4 == 0) {
        Tile tile = tileOf(item, tilesA);
        tileA = tile.a;
        tileB = tile.b % tilesB;
        slice = tile.b / tilesB;
    } else {
        tileA = item % tilesA;
        tileB = item / tilesA % tilesB;
        slice = item / (tilesA * tilesB);
    }
    constexpr int Share = V::Rows / V::Slices;
    int begin = slice * Share, end = least(begin + Share, rows);
    const float *l[A], *r[B];
    float sum[A][B];
#pragma unroll
    for (int a = 0; a < A; a++) {
        l[a] = left + least(tileA + a * tilesA, countA - 1) * V::RowStride;
#pragma unroll
        for (int b = 0; b < B; b++)
            sum[a][b] = 0;
    }
#pragma unroll
    for (int b = 0; b < B; b++)
        r[b] = right + least(tileB + b * tilesB, countB - 1) * V::RowStride;
#pragma unroll 1
    for (int row = begin; row < end; row += 4) {
        Quad x[A], y[B];
#pragma unroll
        for (int a = 0; a < A; a++)
            x[a] = load4(l[a] + row);
#pragma unroll
        for (int b = 0; b < B; b++)
            y[b] = load4(r[b] + row);
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int a = 0; a < A; a++)
#pragma unroll
                for (int b = 0; b < B; b++)
                    sum[a][b] = fma1(x[a][i], y[b][i], sum[a][b]);
    }
    float* target = gradient + slice * sliceFloats;
#pragma unroll
    for (int a = 0; a < A; a++)
#pragma unroll
        for (int b = 0; b < B; b++) {
            int i = tileA + a * tilesA, j = tileB + b * tilesB;
            if (i < countA && j < countB) {
                float* g = target + i * stride + j;
                *g = accumulate ? *g + sum[a][b] : sum[a][b];
            }
        }
}

// The tiles of one product, shared out to the threads after those of the products before it.
template <class V>
DEVICE int gradientProduct(int thread, int taken, const float* left, int countA, const float* right, int countB, float* gradient, int stride,
    int sliceFloats, int rows, bool accumulate) {
    int tiles = ((countA + V::GradientA - 1) / V::GradientA) * ((countB + V::GradientB - 1) / V::GradientB) * V::Slices;
    for (int item = (thread - taken) & (V::Threads - 1); item < tiles; item += V::Threads)
        gradientTile<V>(item, left, countA, right, countB, gradient, stride, sliceFloats, rows, accumulate);
    return taken + ceilTo(tiles, 32);
}

// Bias gradients: the sums over a chunk's rows of the units' gradients.
template <class V>
DEVICE int gradientSums(int thread, int taken, const float* values, int count, float* gradient, int rows, bool accumulate) {
    for (int unit = (thread - taken) & (V::Threads - 1); unit < count; unit += V::Threads) {
        Quad sum = all4(0);
        for (int row = 0; row < rows; row += 4)
            sum += load4(values + unit * V::RowStride + row);
        float total = (sum[0] + sum[2]) + (sum[1] + sum[3]);
        gradient[unit] = accumulate ? gradient[unit] + total : total;
    }
    return taken + ceilTo(count, 32);
}
