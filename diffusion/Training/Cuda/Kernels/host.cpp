// The kernels for the host: a shared library whose tests check the very code that the GPU runs, and with SWEEP_RACE_CHECK a program that runs one launch under
// a thread sanitizer, each of a block's threads one to it.
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "host.h"
#include "variants.h"

#define NAME_(what, width) what##width
#define NAME(what, width) NAME_(what, width)

// Runs variant NUMBER of this width; false when there is none, or the shared memory is less than the plan wants.
EXPORT int NAME(hostLaunch, SWEEP_WIDTH)(int number, Trial* trials, int count, const int* stop, const Plan* plan, int sharedBytes, int order) {
#define TRAIN(n, threads, rows, tileRows, tileUnits, gradientTile, slices, place, blocks) \
    if (number == n) { \
        if (place != AllGlobal && plan->floats > sharedBytes / 4) \
            return 0; \
        runBlocks(count, threads, sharedBytes, order, [&](int index, float* shared) { \
            train<Variant<SWEEP_WIDTH, threads, rows, tileRows, tileUnits, gradientTile, slices, place>>(trials, index, stop, *plan, shared); \
        }); \
        return 1; \
    }
    SWEEP_VARIANTS(TRAIN)
#define MATRIX(n, threads, rows, tilesM, tilesN, place, blocks) \
    if (number == n) { \
        if (place != AllGlobal && plan->floats > sharedBytes / 4) \
            return 0; \
        runBlocks(count, threads, sharedBytes, order, [&](int index, float* shared) { \
            train<Variant<SWEEP_WIDTH, threads, rows, 4, 4, 4, 1, place, tilesM, tilesN>>(trials, index, stop, *plan, shared); \
        }); \
        return 1; \
    }
    SWEEP_MATRIX_VARIANTS(MATRIX)
    return 0;
}

// Runs the forward kernel; the number of threads per block when there are no blocks.
EXPORT int NAME(hostForward, SWEEP_WIDTH)(const ForwardCall* call, int count, int sharedBytes, int order) {
#define FORWARD(threads, rows, tileRows, tileUnits, place, blocks) \
    if (count == 0) \
        return threads; \
    runBlocks(count, threads, sharedBytes, order, [&](int index, float* shared) { \
        forward<Variant<SWEEP_WIDTH, threads, rows, tileRows, tileUnits, 8, 1, place>>(*call, index, shared); \
    });
    SWEEP_FORWARD(FORWARD)
    return 1;
}

// Runs the sampling kernel; the number of threads per block when there are no blocks.
EXPORT int NAME(hostSample, SWEEP_WIDTH)(const SampleCall* call, int count, int sharedBytes, int order) {
#define SAMPLE(threads, rows, tileRows, tileUnits, place, blocks) \
    if (count == 0) \
        return threads; \
    runBlocks(count, threads, sharedBytes, order, [&](int index, float* shared) { \
        sample<Variant<SWEEP_WIDTH, threads, rows, tileRows, tileUnits, 8, 1, place>>(*call, index, shared); \
    });
    SWEEP_FORWARD(SAMPLE)
    return 1;
}

// Threads of a block of variant NUMBER, 0 when there is none.
EXPORT int NAME(hostThreads, SWEEP_WIDTH)(int number) {
#define THREADS(n, threads, rows, tileRows, tileUnits, gradientTile, slices, place, blocks) \
    if (number == n) \
        return threads;
    SWEEP_VARIANTS(THREADS)
#define MATRIX_THREADS(n, threads, rows, tilesM, tilesN, place, blocks) \
    if (number == n) \
        return threads;
    SWEEP_MATRIX_VARIANTS(MATRIX_THREADS)
    return 0;
}

#ifdef SWEEP_RACE_CHECK

// A case is what a test wrote: number, order, shared bytes, Plan, Trial, then each buffer of the trial as a length in bytes and its content. The weights after
// it go to standard output.
int checkCase(const char* path) {
    FILE* file = std::fopen(path, "rb");
    if (!file)
        return 2;
    int head[3];
    Plan plan;
    Trial trial;
    bool ok = std::fread(head, sizeof head, 1, file) == 1 && std::fread(&plan, sizeof plan, 1, file) == 1 && std::fread(&trial, sizeof trial, 1, file) == 1;
    std::vector<std::vector<double>> buffers;
    int64_t weightBytes = 0;
    void** pointers = reinterpret_cast<void**>(&trial);
    for (int i = 0; ok && i < 10; i++) {
        int64_t bytes;
        ok = std::fread(&bytes, 8, 1, file) == 1;
        if (!ok)
            break;
        buffers.emplace_back(size_t(bytes + 31) / 8);
        ok = bytes == 0 || std::fread(buffers.back().data(), size_t(bytes), 1, file) == 1;
        uintptr_t address = reinterpret_cast<uintptr_t>(buffers.back().data());
        pointers[i] = reinterpret_cast<void*>((address + 15) / 16 * 16);
        std::memmove(pointers[i], buffers.back().data(), size_t(bytes));
        if (i == 4)
            weightBytes = bytes;
    }
    std::fclose(file);
    int stop = 0;
    if (!ok || !NAME(hostLaunch, SWEEP_WIDTH)(head[0], &trial, 1, &stop, &plan, head[2], head[1]))
        return 3;
    std::fwrite(trial.weights, size_t(weightBytes), 1, stdout);

    // The forward and the sampling kernel with the trained weights: the same bits.
    const int Rows = 70, Stride = 128, Slots = 3;
    int d = plan.dimensions, rowStride = 64 + 4, atInput = 2 * plan.units * rowStride, atPartial = atInput + (d + 3) / 4 * 4 * rowStride;
    int atWeights = atPartial + 8 * d * rowStride, floats = atWeights + plan.parameters;
    std::vector<float> x(size_t(Rows * d)), bias(size_t(3 * plan.units)), scratch(size_t(2 * floats)), forwards[2];
    for (size_t i = 0; i < x.size(); i++)
        x[i] = float(i % 13) * 0.25f - 1.5f;
    plan.outputSlices = plan.outputSlices < 8 ? plan.outputSlices : 8;

    // x1 = x0-hat of x0 + noise, x2 = x1 - x0 + added; the second level is clean, and all three are states.
    std::vector<double> weights(size_t(4 * d), 0.5), added(size_t(3 * d), 0.25), records[2];
    SampleTerm terms[4] = {{0, 0}, {2, 0}, {-1, 3}, {1, 0}};
    SampleStep steps[3] = {{0.5, 0.25, 0.75, 0, 0, 1, 1, 2, 0}, {0.5, 0.25, 0.75, 0, 1, 2, 0, -1, 1}, {0, 0, 0, 1, 3, 1, 2, -1, 2}};
    for (int pass = 0; pass < 2; pass++) {
        int order = pass ? int(Watched) : int(Ascending);
        forwards[pass].resize(x.size());
        ForwardCall call{trial.weights, bias.data(), x.data(), forwards[pass].data(), scratch.data(), Rows, floats, atInput, atPartial, atWeights, 0, plan};
        NAME(hostForward, SWEEP_WIDTH)(&call, 2, floats * 4, order);
        std::vector<double> slots(size_t(Slots * d * Stride), 0.125);
        records[pass].resize(size_t(3 * 2 * d * Stride));
        SampleCall sampling{trial.weights, bias.data(), steps, terms, weights.data(), added.data(), slots.data(), records[pass].data(), scratch.data(),
            5, Rows, Stride, 0, 3, 0, plan.units, floats, atInput, atPartial, atWeights, plan};
        NAME(hostSample, SWEEP_WIDTH)(&sampling, 2, floats * 4, order);
    }
    return forwards[0] == forwards[1] && std::memcmp(records[0].data(), records[1].data(), records[0].size() * 8) == 0 ? 0 : 4;
}

// race-check CASE …
int main(int argc, char** argv) {
    for (int i = 1; i < argc; i++)
        if (int wrong = checkCase(argv[i]))
            return wrong;
    return argc > 1 ? 0 : 2;
}

#endif
