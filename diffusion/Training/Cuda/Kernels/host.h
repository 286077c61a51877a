// How the host runs a launch: block after block, a block's threads in an order, or watched.
#pragma once
#include <cstdlib>
#include <memory>
#include <vector>

#include "block.h"

thread_local HostBlock hostBlock;

#ifdef SWEEP_RACE_CHECK

#include <ucontext.h>

extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_acquire(void* at);
void __tsan_release(void* at);
}

#define UNWATCHED __attribute__((no_sanitize_thread, noinline))

// A block's threads as coroutines, each with a stack of its own and each a thread to the sanitizer. They take turns at barriers; nothing else orders them, so
// what two do between the same two barriers is concurrent, whoever was first. A thousand times faster than real threads, and what is found doesn't depend on
// luck.
struct Coroutines {
    static constexpr int MostThreads = 256;
    static constexpr size_t StackBytes = 1 << 18;
    static constexpr unsigned Unordered = 1;

    struct One {
        ucontext_t context;
        void* fiber;
        char* stack;
        int barriers = 0;
        bool done = false;
    };

    // No containers: their functions would be watched. Made once, for the sanitizer takes its time with each.
    One* all = nullptr;
    int made = 0, count = 0;
    ucontext_t caller;
    void* callerFiber = nullptr;
    void (*run)(void*) = nullptr;
    void* argument = nullptr;
    char start = 0, end = 0, barrier[2] = {};

    static Coroutines& pool() {
        static Coroutines one;
        return one;
    }

    // To the next that isn't done, or back to who started them.
    UNWATCHED void next() {
        int from = hostBlock.thread, to = from;
        do
            to = (to + 1) % count;
        while (all[to].done && to != from);
        hostBlock.thread = to;
        bool finished = all[to].done;
        __tsan_switch_to_fiber(finished ? callerFiber : all[to].fiber, Unordered);
        swapcontext(&all[from].context, finished ? &caller : &all[to].context);
    }

    UNWATCHED static void wait() {
        Coroutines& us = pool();
        One& own = us.all[hostBlock.thread];
        int parity = own.barriers++ & 1;
        __tsan_release(&us.barrier[parity]);
        us.next();
        __tsan_acquire(&us.barrier[parity]);
    }

    UNWATCHED static void enter() {
        Coroutines& us = pool();
        __tsan_acquire(&us.start);
        us.run(us.argument);
        __tsan_release(&us.end);
        us.all[hostBlock.thread].done = true;
        us.next();
    }

    UNWATCHED void go(int threads) {
        if (!all)
            all = new One[MostThreads];
        callerFiber = __tsan_get_current_fiber();
        for (; made < threads; made++) {
            all[made].fiber = __tsan_create_fiber(0);
            all[made].stack = new char[StackBytes];
        }
        count = threads;
        for (int i = 0; i < count; i++) {
            One& one = all[i];
            one.barriers = 0;
            one.done = false;
            getcontext(&one.context);
            one.context.uc_stack = {one.stack, 0, StackBytes};
            one.context.uc_link = nullptr;
            makecontext(&one.context, &enter, 0);
        }
        hostBlock.order = Watched;
        hostBlock.barrier = &wait;
        hostBlock.thread = 0;
        __tsan_release(&start);
        __tsan_switch_to_fiber(all[0].fiber, Unordered);
        swapcontext(&caller, &all[0].context);
        __tsan_acquire(&end);
    }
};

#endif

// Calls run(block, shared memory) for each block. Shared memory holds garbage when a block begins: not-a-number, so that what reads it first is caught.
template <class Run>
void runBlocks(int blocks, [[maybe_unused]] int threads, int sharedBytes, int order, Run run) {
    size_t bytes = size_t(sharedBytes);
    std::unique_ptr<float, decltype(&std::free)> shared(static_cast<float*>(std::aligned_alloc(64, (bytes + 127) / 64 * 64)), &std::free);
    for (int index = 0; index < blocks; index++) {
        std::memset(shared.get(), 0xFF, bytes);
#ifdef SWEEP_RACE_CHECK
        if (order == Watched) {
            auto body = [&] { run(index, shared.get()); };
            Coroutines& all = Coroutines::pool();
            all.argument = &body;
            all.run = [](void* argument) { (*static_cast<decltype(body)*>(argument))(); };
            all.go(threads);
            continue;
        }
#endif
        hostBlock.order = order;
        run(index, shared.get());
    }
}

#define EXPORT extern "C" __attribute__((visibility("default")))
