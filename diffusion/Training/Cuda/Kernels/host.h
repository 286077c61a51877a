// How the host runs a launch: block after block, a block's threads in an order or as real threads.
#pragma once
#include <barrier>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "block.h"

thread_local HostBlock hostBlock;

// Calls run(block, shared memory) for each block. Shared memory holds garbage when a block begins: not-a-number, so that what reads it first is caught.
template <class Run>
void runBlocks(int blocks, int threads, int sharedBytes, int order, Run run) {
    size_t bytes = size_t(sharedBytes);
    std::unique_ptr<float, decltype(&std::free)> shared(static_cast<float*>(std::aligned_alloc(64, (bytes + 127) / 64 * 64)), &std::free);
    for (int index = 0; index < blocks; index++) {
        std::memset(shared.get(), 0xFF, bytes);
        if (order != RealThreads) {
            hostBlock.order = order;
            run(index, shared.get());
            continue;
        }

        std::barrier<> barrier(threads);
        std::vector<std::thread> real;
        for (int thread = 0; thread < threads; thread++)
            real.emplace_back([&, thread] {
                hostBlock.order = RealThreads;
                hostBlock.thread = thread;
                hostBlock.barrierState = &barrier;
                hostBlock.barrier = [](void* state) { static_cast<std::barrier<>*>(state)->arrive_and_wait(); };
                run(index, shared.get());
            });
        for (auto& thread : real)
            thread.join();
    }
}

#define EXPORT extern "C" __attribute__((visibility("default")))
