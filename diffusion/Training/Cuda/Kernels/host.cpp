// The kernels for the host: a shared library whose tests check the very code that the GPU runs, and with SWEEP_RACE_CHECK a program that runs one launch with real threads under a thread sanitizer.
#include <barrier>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "variants.h"

#define NAME_(what, width) what##width
#define NAME(what, width) NAME_(what, width)

thread_local HostBlock hostBlock;

namespace {

// Shared memory holds garbage when a block begins: not-a-number, so that what reads it first is caught.
void garbage(float* shared, int floats) { std::memset(shared, 0xFF, sizeof(float) * size_t(floats)); }

template <class V>
void launch(Trial* trials, int count, const int* stop, const Plan& plan, float* shared, int floats, int order) {
    for (int index = 0; index < count; index++) {
        garbage(shared, floats);
        if (order != RealThreads) {
            hostBlock.order = order;
            train<V>(trials, index, stop, plan, shared);
            continue;
        }

        std::barrier<> barrier(V::Threads);
        std::vector<std::thread> threads;
        for (int thread = 0; thread < V::Threads; thread++)
            threads.emplace_back([&, thread] {
                hostBlock.order = RealThreads;
                hostBlock.thread = thread;
                hostBlock.barrierState = &barrier;
                hostBlock.barrier = [](void* state) { static_cast<std::barrier<>*>(state)->arrive_and_wait(); };
                train<V>(trials, index, stop, plan, shared);
            });
        for (auto& thread : threads)
            thread.join();
    }
}

}

// Runs variant NUMBER of this width; false when there is none, or the shared memory is less than the plan wants.
extern "C" __attribute__((visibility("default"))) int NAME(hostLaunch, SWEEP_WIDTH)(int number, Trial* trials, int count, const int* stop, const Plan* plan, int sharedBytes, int order) {
    int floats = sharedBytes / 4;
    std::unique_ptr<float, decltype(&std::free)> shared(static_cast<float*>(std::aligned_alloc(64, (size_t(floats) * 4 + 127) / 64 * 64)), &std::free);
#define TRAIN(n, threads, rows, tileRows, tileUnits, gradientTile, slices, place, blocks) \
    if (number == n) { \
        if (place != AllGlobal && plan->floats > floats) \
            return 0; \
        launch<Variant<SWEEP_WIDTH, threads, rows, tileRows, tileUnits, gradientTile, slices, place>>(trials, count, stop, *plan, shared.get(), floats, order); \
        return 1; \
    }
    SWEEP_VARIANTS(TRAIN)
    return 0;
}

// Threads of a block of variant NUMBER, 0 when there is none.
extern "C" __attribute__((visibility("default"))) int NAME(hostThreads, SWEEP_WIDTH)(int number) {
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
    return 0;
}

#endif
