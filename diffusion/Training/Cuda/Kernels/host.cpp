// The kernels for the host: a shared library whose tests check the very code that the GPU runs, and with SWEEP_RACE_CHECK a program that runs one launch with real threads under a thread sanitizer.
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
    return 0;
}

#ifdef SWEEP_RACE_CHECK

// race-check CASE: what a test wrote (number, order, shared bytes, Plan, Trial, then each buffer of the trial as a length in bytes and its content); the weights after it go to standard output.
int main(int argc, char** argv) {
    FILE* file = argc > 1 ? std::fopen(argv[1], "rb") : nullptr;
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

    // The forward kernel with the trained weights: the same bits with real threads.
    const int Rows = 70;
    int rowStride = 64 + 4, atInput = 2 * plan.units * rowStride, atPartial = atInput + (plan.dimensions + 3) / 4 * 4 * rowStride;
    int atWeights = atPartial + 8 * plan.dimensions * rowStride, floats = atWeights + plan.parameters;
    std::vector<float> x(size_t(Rows * plan.dimensions)), bias(size_t(plan.units)), first(x.size()), second(x.size());
    for (size_t i = 0; i < x.size(); i++)
        x[i] = float(i % 13) * 0.25f - 1.5f;
    plan.outputSlices = plan.outputSlices < 8 ? plan.outputSlices : 8;
    for (int pass = 0; pass < 2; pass++) {
        ForwardCall call{trial.weights, bias.data(), x.data(), pass ? second.data() : first.data(), nullptr, Rows, 0, atInput, atPartial, atWeights, 0, plan};
        NAME(hostForward, SWEEP_WIDTH)(&call, 2, floats * 4, pass ? int(RealThreads) : int(Ascending));
    }
    return first == second ? 0 : 4;
}

#endif
