// The products of a training step by the tensor cores: mma.sync.aligned.m16n8k8 in tf32 (8 bits of exponent, 10 of mantissa; sums in fp32), of sm_80 and up. A
// warp holds a matrix in fragments whose layout the instruction fixes (PTX ISA, "Matrix Fragments for mma.m16n8k8"), with g = lane / 4 and t = lane % 4:
//   A (16, 8): (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4)    B (8, 8): (t, g), (t + 4, g)    C (16, 8): (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1)
// The host does the same lane by lane: it puts the matrices together from the fragments by this table, multiplies and takes the sums apart again, so that a
// wrong index in a load or store shows in the tests.
//
// Operands are rounded to nearest, ties away (cvt.rna): activations and the gradients before them when they are stored, weights and the first layer's inputs
// when they are loaded. The instruction cuts off what a rounded operand hasn't. Strides are 8 or 24 modulo 32, so that the lanes of a load of (t, g) or of (g,
// 2t .. 2t + 1) meet different banks.
#pragma once
#include "block.h"

#ifdef SWEEP_GPU

DEVICE float toTf32(float x) {
    uint y;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
    return asFloat(y);
}

// c += a b.
DEVICE void multiplyAdd(Fragment<4>& c, const Fragment<4>& a, const Fragment<2>& b) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c.values[0]), "+f"(c.values[1]), "+f"(c.values[2]), "+f"(c.values[3])
        : "r"(asBits(a.values[0])), "r"(asBits(a.values[1])), "r"(asBits(a.values[2])), "r"(asBits(a.values[3])),
          "r"(asBits(b.values[0])), "r"(asBits(b.values[1])));
}

#else

inline float toTf32(float x) {
    uint bits = asBits(x);
    return (bits & 0x7F800000u) == 0x7F800000u ? x : asFloat((bits + 0x1000u) & ~0x1FFFu);
}

inline float cutToTf32(float x) { return x != x ? x : asFloat(asBits(x) & ~0x1FFFu); }

inline void multiplyAdd(Fragment<4>& c, Fragment<4>& a, Fragment<2>& b) {
    float left[16][8], right[8][8];
    for (int lane = 0; lane < 32; lane++) {
        int g = lane >> 2, t = lane & 3;
        for (int i = 0; i < 4; i++)
            left[g + 8 * (i & 1)][t + 4 * (i >> 1)] = cutToTf32(a.at(lane)[i]);
        for (int i = 0; i < 2; i++)
            right[t + 4 * i][g] = cutToTf32(b.at(lane)[i]);
    }
    float sums[16][8] = {};
    for (int row = 0; row < 16; row++)
        for (int k = 0; k < 8; k++)
            for (int column = 0; column < 8; column++)
                sums[row][column] += left[row][k] * right[k][column];
    for (int lane = 0; lane < 32; lane++)
        for (int i = 0; i < 4; i++)
            c.at(lane)[i] += sums[(lane >> 2) + 8 * (i >> 1)][2 * (lane & 3) + (i & 1)];
}

#endif

// c (M x N tiles) += a b over a depth, a multiple of 8. loadA(lane, tile, k, values) gives a lane's four values of tile (16 rows) and k (8 columns), loadB its
// two.
template <int M, int N, class LoadA, class LoadB>
DEVICE void multiply(Warp lanes, int depth, LoadA loadA, LoadB loadB, Fragment<4> (&c)[M][N]) {
#pragma unroll 1
    for (int k = 0; k < depth; k += 8) {
        Fragment<4> a[M];
        Fragment<2> b[N];
        lanes.each([&](int lane) INLINE {
#pragma unroll
            for (int m = 0; m < M; m++)
                loadA(lane, m, k, a[m].at(lane));
#pragma unroll
            for (int n = 0; n < N; n++)
                loadB(lane, n, k, b[n].at(lane));
        });
#pragma unroll
        for (int n = 0; n < N; n++)
#pragma unroll
            for (int m = 0; m < M; m++)
                multiplyAdd(c[m][n], a[m], b[n]);
    }
}

template <class Function, int M, int N, int RowStride>
DEVICE void storeMatrix(Warp lanes, Fragment<4> (&c)[M][N], float* hidden, float* slopes, int units, int firstUnit, int firstRow) {
    lanes.each([&](int lane) INLINE {
        int g = lane >> 2, t = lane & 3;
#pragma unroll
        for (int m = 0; m < M; m++)
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int unit = firstUnit + 16 * m + 8 * half + g;
                if (unit >= units)
                    continue;
#pragma unroll
                for (int n = 0; n < N; n++) {
                    int at = unit * RowStride + firstRow + 8 * n + 2 * t;
                    Activated first = Function::at(c[m][n].at(lane)[2 * half]), second = Function::at(c[m][n].at(lane)[2 * half + 1]);
                    store2(hidden + at, Pair{toTf32(first.value), toTf32(second.value)});
                    store2(slopes + at, Pair{first.slope, second.slope});
                }
            }
    });
}

// As affine of passes.h; inputs a multiple of 8. RoundInput: input is as it came, not yet rounded.
template <class V, bool RoundInput>
DEVICE void affineMatrix(Block<V::Threads> block, const float* weight, const float* bias, const float* input, int inputs, float* hidden, float* slopes,
    int units, int activation) {
    constexpr int M = V::MatrixM, N = V::MatrixN, RowTiles = V::Rows / (8 * N);
    int tiles = RowTiles * ((units + 16 * M - 1) / (16 * M));
    block.eachWarp([&](int warp, Warp lanes) INLINE {
        for (int tile = warp; tile < tiles; tile += V::Threads / 32) {
            int firstRow = tile % RowTiles * (8 * N), firstUnit = tile / RowTiles * (16 * M);
            Fragment<4> c[M][N];
            lanes.each([&](int lane) INLINE {
#pragma unroll
                for (int m = 0; m < M; m++) {
                    float low = bias[firstUnit + 16 * m + (lane >> 2)], high = bias[firstUnit + 16 * m + 8 + (lane >> 2)];
#pragma unroll
                    for (int n = 0; n < N; n++) {
                        float* value = c[m][n].at(lane);
                        value[0] = value[1] = low;
                        value[2] = value[3] = high;
                    }
                }
            });
            multiply(lanes, inputs, [&](int lane, int m, int k, float* a) INLINE {
                const float* w = weight + (k + (lane & 3)) * V::WeightStride + firstUnit + 16 * m + (lane >> 2);
                a[0] = toTf32(w[0]);
                a[1] = toTf32(w[8]);
                a[2] = toTf32(w[4 * V::WeightStride]);
                a[3] = toTf32(w[4 * V::WeightStride + 8]);
            }, [&](int lane, int n, int k, float* b) INLINE {
                const float* x = input + (k + (lane & 3)) * V::RowStride + firstRow + 8 * n + (lane >> 2);
                b[0] = RoundInput ? toTf32(x[0]) : x[0];
                b[1] = RoundInput ? toTf32(x[4 * V::RowStride]) : x[4 * V::RowStride];
            }, c);
            switch (activation) {
            case 0: storeMatrix<Silu, M, N, V::RowStride>(lanes, c, hidden, slopes, units, firstUnit, firstRow); break;
            case 1: storeMatrix<Relu, M, N, V::RowStride>(lanes, c, hidden, slopes, units, firstUnit, firstRow); break;
            case 2: storeMatrix<Tanh, M, N, V::RowStride>(lanes, c, hidden, slopes, units, firstUnit, firstRow); break;
            default: storeMatrix<Gelu, M, N, V::RowStride>(lanes, c, hidden, slopes, units, firstUnit, firstRow); break;
            }
        }
    });
}

// As throughLayer of passes.h.
template <class V>
DEVICE void throughLayerMatrix(Block<V::Threads> block, const float* weight, const float* upstream, int outputs, float* slopes, int units) {
    constexpr int M = V::MatrixM, N = V::MatrixN, RowTiles = V::Rows / (8 * N);
    int tiles = RowTiles * ((units + 16 * M - 1) / (16 * M));
    block.eachWarp([&](int warp, Warp lanes) INLINE {
        for (int tile = warp; tile < tiles; tile += V::Threads / 32) {
            int firstRow = tile % RowTiles * (8 * N), firstUnit = tile / RowTiles * (16 * M);
            Fragment<4> c[M][N] = {};
            multiply(lanes, outputs, [&](int lane, int m, int k, float* a) INLINE {
                int unit = firstUnit + 16 * m + (lane >> 2);
                const float* low = weight + least(unit, units - 1) * V::WeightStride + k + (lane & 3);
                const float* high = weight + least(unit + 8, units - 1) * V::WeightStride + k + (lane & 3);
                a[0] = toTf32(low[0]);
                a[1] = toTf32(high[0]);
                a[2] = toTf32(low[4]);
                a[3] = toTf32(high[4]);
            }, [&](int lane, int n, int k, float* b) INLINE {
                const float* u = upstream + (k + (lane & 3)) * V::RowStride + firstRow + 8 * n + (lane >> 2);
                b[0] = u[0];
                b[1] = u[4 * V::RowStride];
            }, c);
            lanes.each([&](int lane) INLINE {
#pragma unroll
                for (int m = 0; m < M; m++)
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        int unit = firstUnit + 16 * m + 8 * half + (lane >> 2);
                        if (unit >= units)
                            continue;
#pragma unroll
                        for (int n = 0; n < N; n++) {
                            float *s = slopes + unit * V::RowStride + firstRow + 8 * n + 2 * (lane & 3), *value = c[m][n].at(lane) + 2 * half;
                            Pair slope = load2(s);
                            store2(s, Pair{toTf32(slope[0] * value[0]), toTf32(slope[1] * value[1])});
                        }
                    }
            });
        }
    });
}

// The weights' gradient of a layer, (countA, countB) = left (countA, RowStride) right (countB, RowStride)^T over the chunk's rows (a multiple of 8); countB a
// multiple of 8. The tiles are shared out to the warps after those taken before. A lane takes two neighbouring rows at once: which of the eight they are to the
// instruction is the same for both operands.
template <class V, bool RoundLeft>
DEVICE int gradientMatrix(int warp, Warp lanes, int taken, const float* left, int countA, const float* right, int countB, float* gradient, int rows,
    bool accumulate) {
    constexpr int N = 4, Warps = V::Threads / 32;
    int tilesA = (countA + 15) / 16, tiles = tilesA * ((countB + 8 * N - 1) / (8 * N));
    for (int tile = (warp - taken) & (Warps - 1); tile < tiles; tile += Warps) {
        int firstA = tile % tilesA * 16, firstB = tile / tilesA * (8 * N);
        Fragment<4> c[1][N] = {};
        multiply(lanes, rows, [&](int lane, int, int k, float* a) INLINE {
            int unit = firstA + (lane >> 2), row = k + 2 * (lane & 3);
            Pair low = load2(left + least(unit, countA - 1) * V::RowStride + row), high = load2(left + least(unit + 8, countA - 1) * V::RowStride + row);
            a[0] = RoundLeft ? toTf32(low[0]) : low[0];
            a[1] = RoundLeft ? toTf32(high[0]) : high[0];
            a[2] = RoundLeft ? toTf32(low[1]) : low[1];
            a[3] = RoundLeft ? toTf32(high[1]) : high[1];
        }, [&](int lane, int n, int k, float* b) INLINE {
            Pair value = load2(right + least(firstB + 8 * n + (lane >> 2), countB - 1) * V::RowStride + k + 2 * (lane & 3));
            b[0] = value[0];
            b[1] = value[1];
        }, c);
        lanes.each([&](int lane) INLINE {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int i = firstA + 8 * half + (lane >> 2);
                if (i >= countA)
                    continue;
#pragma unroll
                for (int n = 0; n < N; n++) {
                    int j = firstB + 8 * n + 2 * (lane & 3);
                    if (j >= countB)
                        continue;
                    float *target = gradient + i * V::WeightStride + j, *value = c[0][n].at(lane) + 2 * half;
                    Pair sum = {value[0], value[1]};
                    store2(target, accumulate ? load2(target) + sum : sum);
                }
            }
        });
    }
    return taken + tiles;
}
