// What is measured of samples: log-densities of mixtures, sums of distances. One thread per point; what all threads read (means, the other set's rows) comes by
// broadcast.
#pragma once
#include "block.h"
#include "numbers.h"

enum { MeasureThreads = 128, PairTile = 64, PairTiles = 8, GroupNumbers = 6 };

// log p(x) = constant + the sum over groups of coordinates of y = map x of the log of a mixture's density: one group of all coordinates for a mixture, a group
// per factor for a product (ProductMixture.cs).
struct DensityCall {
    const float* points;           // (states, rows, d)
    float* nats;                   // (states, rows), or null
    double* sums;                  // (states, blocksPerState): of a block's nats; or null
    const float* map;              // (d, d), or null: y = x
    const float* means;            // per group (components, coordinates)
    const float* shapes;           // per group (components): 1 / std; or the rows of inverse Cholesky factors, (components, n (n + 1) / 2)
    const float* logCoefficients;  // (components), of all groups
    const int* groups;             // (groups, 6): first coordinate, coordinates, first component, components, where its means and its shapes begin
    int rows;
    int blocksPerState;
    int dimensions;
    int groupCount;
    int triangular;                // shapes are Cholesky factors
    float constant;
};

// Half the squared distance of a thread's y to a component, in its standard deviations. y (coordinates, MeasureThreads).
DEVICE float halfDistance(const float* y, int n, const float* mean, const float* shape, int triangular) {
    float squares = 0;
    if (!triangular) {
        float scale = shape[0];
        for (int j = 0; j < n; j++) {
            float z = (y[j * MeasureThreads] - mean[j]) * scale;
            squares = fma1(z, z, squares);
        }
    } else {
        for (int i = 0; i < n; i++) {
            float z = 0;
            for (int j = 0; j <= i; j++)
                z = fma1(*shape++, y[j * MeasureThreads] - mean[j], z);
            squares = fma1(z, z, squares);
        }
    }
    return 0.5f * squares;
}

DEVICE void logDensity(const DensityCall& call, int index, float* shared) {
    Block<MeasureThreads> block;
    int d = call.dimensions, state = index / call.blocksPerState;
    int first = index % call.blocksPerState * MeasureThreads, rows = least(MeasureThreads, call.rows - first);
    const float *points = inGlobal(call.points) + (ulong64(state) * call.rows + first) * d, *map = call.map ? inGlobal(call.map) : nullptr;
    const float *means = inGlobal(call.means), *shapes = inGlobal(call.shapes), *coefficients = inGlobal(call.logCoefficients);
    const int* groups = inGlobal(call.groups);
    float *x = shared, *mapped = shared + d * MeasureThreads, *totals = mapped + d * MeasureThreads;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < rows * d; item += MeasureThreads)
            x[item % d * MeasureThreads + item / d] = points[item];
    });
    block.each([&](int thread) INLINE {
        if (thread >= rows)
            return;
        const float* y = x + thread;
        if (map) {
            for (int i = 0; i < d; i++) {
                float sum = 0;
                for (int j = 0; j < d; j++)
                    sum = fma1(map[i * d + j], x[j * MeasureThreads + thread], sum);
                mapped[i * MeasureThreads + thread] = sum;
            }
            y = mapped + thread;
        }
        float total = call.constant;
        for (int g = 0; g < call.groupCount; g++) {
            const int* group = groups + g * GroupNumbers;
            int n = group[1], components = group[3], shapeFloats = call.triangular ? n * (n + 1) / 2 : 1;
            const float *mean = means + group[4], *shape = shapes + group[5], *coefficient = coefficients + group[2];
            // One pass: the sum is kept relative to the largest term so far.
            float largest = 0, sum = 0;
            for (int k = 0; k < components; k++) {
                float term = coefficient[k] - halfDistance(y + group[0] * MeasureThreads, n, mean + k * n, shape + k * shapeFloats, call.triangular);
                float step = k == 0 ? 0 : term - largest;
                bool grows = step > 0;
                float e = exp2Fast((grows ? -step : step) * 1.4426950216293335f);
                sum = k == 0 ? 1 : grows ? fma1(sum, e, 1.0f) : sum + e;
                largest = k == 0 || grows ? term : largest;
            }
            total += largest + logarithm(sum);
        }
        totals[thread] = total;
        if (call.nats)
            inGlobal(call.nats)[ulong64(state) * call.rows + first + thread] = total;
    });
    block.each([&](int thread) INLINE {
        if (thread != 0 || !call.sums)
            return;
        double sum = 0;
        for (int i = 0; i < rows; i++)
            sum += totals[i];
        inGlobal(call.sums)[index] = sum;
    });
}

enum { AffineLayer = 0, MarginalLayer = 1, LayerNumbers = 2, SplineNumbers = 2 };

// States back to data space through a fitted preprocessing (FittedPreprocessing.Inverse), in double.
struct UnmapCall {
    const double* records;  // (states, d, stride)
    float* points;          // (states, rows, d), or null
    double* wide;           // the same in double, or null
    const double* tables;   // affine: shift (d), matrix (d, d); marginal, a coordinate: knots, images and slopes (K) each (RationalQuadraticSpline.cs)
    const int* layers;      // (layers, 2), the first to be undone first: what it is; where its table begins, or for a marginal one where in this list its
                            // (d, 2) coordinates do: K, and where their tables begin
    int layerCount;
    int rows;
    int stride;
    int dimensions;
    int blockRows;
    int blocksPerState;
};

// RationalQuadraticSpline.Evaluate. What is no number stays none.
DEVICE double spline(const double* u, int knots, double at) {
    const double *y = u + knots, *slope = y + knots;
    if (at < u[0])
        return __builtin_fma(at - u[0], slope[0], y[0]);
    if (!(at < u[knots - 1]))
        return __builtin_fma(at - u[knots - 1], slope[knots - 1], y[knots - 1]);
    int low = 0, high = knots - 1;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (at >= u[middle])
            low = middle;
        else
            high = middle;
    }
    double inverseWidth = 1 / (u[low + 1] - u[low]), height = y[low + 1] - y[low];
    double secant = height * inverseWidth, bend = slope[low] + slope[low + 1] - 2 * secant;
    double t = (at - u[low]) * inverseWidth, q = t * (1 - t);
    return y[low] + height * (secant * t * t + slope[low] * q) / (secant + bend * q);
}

DEVICE void unmap(const UnmapCall& call, int index, float* shared) {
    Block<MeasureThreads> block;
    int d = call.dimensions, state = index / call.blocksPerState;
    int first = index % call.blocksPerState * call.blockRows, rows = least(call.blockRows, call.rows - first);
    const double *records = inGlobal(call.records) + ulong64(state) * d * call.stride + first, *tables = inGlobal(call.tables);
    const int* layers = inGlobal(call.layers);
    // (d, blockRows)
    double *x = (double*)shared, *other = x + d * call.blockRows;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < d * rows; item += MeasureThreads)
            x[item / rows * call.blockRows + item % rows] = records[ulong64(item / rows) * call.stride + item % rows];
    });
#pragma unroll 1
    for (int layer = 0; layer < call.layerCount; layer++) {
        int kind = layers[layer * LayerNumbers], begin = layers[layer * LayerNumbers + 1];
        block.each([&](int thread) INLINE {
            for (int item = thread; item < d * rows; item += MeasureThreads) {
                int row = item % rows, i = item / rows;
                double result;
                if (kind == AffineLayer) {
                    const double* matrix = tables + begin + d + ulong64(i) * d;
                    double sum = 0;
                    for (int j = 0; j < d; j++)
                        sum = __builtin_fma(matrix[j], x[j * call.blockRows + row], sum);
                    result = sum + tables[begin + i];
                } else {
                    const int* coordinate = layers + begin + i * SplineNumbers;
                    result = spline(tables + coordinate[1], coordinate[0], x[i * call.blockRows + row]);
                }
                other[i * call.blockRows + row] = result;
            }
        });
        double* swap = x;
        x = other;
        other = swap;
    }
    ulong64 target = (ulong64(state) * call.rows + first) * d;
    block.each([&](int thread) INLINE {
        for (int item = thread; item < d * rows; item += MeasureThreads) {
            double value = x[item % d * call.blockRows + item / d];
            if (call.points)
                inGlobal(call.points)[target + item] = float(value);
            if (call.wide)
                inGlobal(call.wide)[target + item] = value;
        }
    });
}

// Sums of the distances between rows of a and rows of b: block (i, j) takes MeasureThreads rows of a and PairTiles tiles of rows of b. Distances in fp32, each
// thread's sum of a tile in fp32 too (64 terms), all beyond in fp64.
struct PairCall {
    const float* a;     // (countA, d)
    const float* b;     // (countB, d)
    double* sums;       // (blocks of a, blocks of b)
    int countA;
    int countB;
    int dimensions;
    int blocksB;
};

DEVICE void pairDistances(const PairCall& call, int index, float* shared) {
    Block<MeasureThreads> block;
    int d = call.dimensions, firstA = index / call.blocksB * MeasureThreads, rowsA = least(MeasureThreads, call.countA - firstA);
    int firstB = index % call.blocksB * (PairTile * PairTiles);
    const float *a = inGlobal(call.a) + ulong64(firstA) * d, *b = inGlobal(call.b);
    double* sums = (double*)shared;
    float *own = shared + 2 * MeasureThreads, *tile = own + d * MeasureThreads;
    block.each([&](int thread) INLINE {
        sums[thread] = 0;
        for (int item = thread; item < rowsA * d; item += MeasureThreads)
            own[item % d * MeasureThreads + item / d] = a[item];
    });
#pragma unroll 1
    for (int first = firstB; first < least(firstB + PairTile * PairTiles, call.countB); first += PairTile) {
        int rowsB = least(PairTile, call.countB - first);
        block.each([&](int thread) INLINE {
            for (int item = thread; item < rowsB * d; item += MeasureThreads)
                tile[item] = b[ulong64(first) * d + item];
        });
        block.each([&](int thread) INLINE {
            if (thread >= rowsA)
                return;
            float sum = 0;
            for (int row = 0; row < rowsB; row++) {
                float squares = 0;
                for (int j = 0; j < d; j++) {
                    float difference = own[j * MeasureThreads + thread] - tile[row * d + j];
                    squares = fma1(difference, difference, squares);
                }
                sum += root(squares);
            }
            sums[thread] += sum;
        });
    }
    block.each([&](int thread) INLINE {
        if (thread != 0)
            return;
        double sum = 0;
        for (int i = 0; i < MeasureThreads; i++)
            sum += sums[i];
        inGlobal(call.sums)[index] = sum;
    });
}
