// The kernels of measure.h for the host, and with SWEEP_RACE_CHECK a program that runs them with real threads under a thread sanitizer on points of its own.
#include <cstdio>
#include <cstring>

#include "host.h"
#include "measure.h"

EXPORT int hostLogDensity(const DensityCall* call, int blocks, int sharedBytes, int order) {
    runBlocks(blocks, MeasureThreads, sharedBytes, order, [&](int index, float* shared) { logDensity(*call, index, shared); });
    return 1;
}

EXPORT int hostPairDistances(const PairCall* call, int blocks, int sharedBytes, int order) {
    runBlocks(blocks, MeasureThreads, sharedBytes, order, [&](int index, float* shared) { pairDistances(*call, index, shared); });
    return 1;
}

#ifdef SWEEP_RACE_CHECK

int main() {
    const int D = 3, Count = 150, Components = 4;
    float points[Count * D], map[D * D] = {1, 0.5f, 0, 0, 1, 0.25f, 0, 0, 2}, means[Components * D], shapes[Components], coefficients[Components];
    for (int i = 0; i < Count * D; i++)
        points[i] = float(i % 17) * 0.25f - 2;
    for (int i = 0; i < Components * D; i++)
        means[i] = float(i % 5) * 0.5f - 1;
    for (int i = 0; i < Components; i++) {
        shapes[i] = float(i + 1);
        coefficients[i] = -1.5f;
    }
    int groups[GroupNumbers] = {0, D, 0, Components, 0, 0}, wrong = 0;
    float nats[2][Count];
    double sums[2][4];
    for (int pass = 0; pass < 2; pass++) {
        int order = pass ? RealThreads : Ascending;
        DensityCall density{points, nats[pass], map, means, shapes, coefficients, groups, Count, D, 1, 0, 0, 0};
        hostLogDensity(&density, 2, 2 * D * MeasureThreads * 4, order);
        PairCall pairs{points, points, sums[pass], Count, Count, D, 1};
        hostPairDistances(&pairs, 2, (2 * MeasureThreads + D * MeasureThreads + D * PairTile) * 4, order);
    }
    wrong = std::memcmp(nats[0], nats[1], sizeof nats[0]) != 0 || std::memcmp(sums[0], sums[1], 2 * sizeof(double)) != 0;
    std::printf("%s\n", wrong ? "other bits with real threads" : "the same bits");
    return wrong;
}

#endif
