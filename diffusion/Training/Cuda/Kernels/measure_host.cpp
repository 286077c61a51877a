// The kernels of measure.h for the host, and with SWEEP_RACE_CHECK a program that runs them under a thread sanitizer, each of a block's threads one to it on
// points of its own.
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

EXPORT int hostUnmap(const UnmapCall* call, int blocks, int sharedBytes, int order) {
    runBlocks(blocks, MeasureThreads, sharedBytes, order, [&](int index, float* shared) { unmap(*call, index, shared); });
    return 1;
}

#ifdef SWEEP_RACE_CHECK

int main() {
    const int D = 3, Count = 150, Components = 4;
    float centres[Components * D], points[Count * D], map[D * D] = {1, 0.5f, 0, 0, 1, 0.25f, 0, 0, 2}, shapes[Components], coefficients[Components];
    for (int i = 0; i < Count * D; i++)
        points[i] = float(i % 17) * 0.25f - 2;
    for (int i = 0; i < Components * D; i++)
        centres[i] = float(i % 5) * 0.5f - 1;
    for (int i = 0; i < Components; i++) {
        shapes[i] = float(i + 1);
        coefficients[i] = -1.5f;
    }
    int groups[GroupNumbers] = {0, D, 0, Components, 0, 0}, wrong = 0;
    float nats[2][Count];
    double sums[2][4], means[2][4];
    // Two states of the points' first two coordinates' worth, through an affine and a marginal layer.
    const int States = 2, Stride = 192;
    std::vector<double> records(States * D * Stride, 0.25), tables;
    for (size_t i = 0; i < records.size(); i++)
        records[i] = double(i % 29) * 0.25 - 3;
    for (int i = 0; i < D + D * D; i++)
        tables.push_back(0.1 * i - 0.3);
    int layers[4 + 2 * D] = {MarginalLayer, 4, AffineLayer, 0};
    for (int j = 0; j < D; j++) {
        layers[4 + 2 * j] = 3;
        layers[5 + 2 * j] = int(tables.size());
        for (double v : {-1.0, 0.0, 2.0, -2.0, 0.5, 1.5, 1.0, 0.5, 2.0})
            tables.push_back(v);
    }
    std::vector<float> narrow[2] = {std::vector<float>(States * Count * D), std::vector<float>(States * Count * D)};
    std::vector<double> wide[2] = {std::vector<double>(States * Count * D), std::vector<double>(States * Count * D)};
    for (int pass = 0; pass < 2; pass++) {
        int order = pass ? Watched : Ascending;
        DensityCall density{points, nats[pass], means[pass], map, centres, shapes, coefficients, groups, Count, 2, D, 1, 0, 0};
        hostLogDensity(&density, 2, (2 * D + 1) * MeasureThreads * 4, order);
        UnmapCall back{records.data(), narrow[pass].data(), wide[pass].data(), tables.data(), layers, 2, Count, Stride, D, 100, 2};
        hostUnmap(&back, 2 * States, 2 * D * 100 * 8, order);
        PairCall pairs{points, points, sums[pass], Count, Count, D, 1};
        hostPairDistances(&pairs, 2, (2 * MeasureThreads + D * MeasureThreads + D * PairTile) * 4, order);
    }
    wrong = std::memcmp(nats[0], nats[1], sizeof nats[0]) != 0 || std::memcmp(sums[0], sums[1], 2 * sizeof(double)) != 0
        || std::memcmp(means[0], means[1], 2 * sizeof(double)) != 0 || narrow[0] != narrow[1] || wide[0] != wide[1];
    std::printf("%s\n", wrong ? "other bits when watched" : "the same bits");
    return wrong;
}

#endif
