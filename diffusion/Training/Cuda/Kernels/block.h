// What the kernels need of a block of threads, for two compilers: clang for the GPU (no CUDA headers: the few declarations are here), and any C++ compiler for
// the host, whose tests run the same kernel code.
//
// A kernel is a sequence of phases, block.each([&](int thread) { ... }), each of which ends in a barrier. Nothing of a thread outlives a phase but what it
// wrote to memory, and code between phases is uniform. So the host runs a phase as a loop over the threads, in any order (three are tested, and must agree bit
// for bit), or, for the thread sanitizer, as one coroutine a thread, each of which it takes for a thread of its own.
//
// What the lanes of a warp do together (tensor cores) is a phase block.eachWarp([&](int warp, Warp lanes) { ... }), in which lanes.each([&](int lane) { ... })
// is what each lane does by itself, on the values that it holds in fragments. On the host lanes.each is a loop over 32 lanes and a fragment holds the values of
// all of them.
#pragma once

#if defined(__CUDA__)

#define DEVICE __attribute__((device)) inline __attribute__((always_inline))
#define KERNEL(threads, blocks) extern "C" __attribute__((global)) __attribute__((launch_bounds(threads, blocks))) void
#define SWEEP_GPU 1

#else

#include <cmath>
#include <cstring>
#define DEVICE inline __attribute__((always_inline))

#endif

// On the GPU a phase must be inlined, or the compiler loses sight of what is in shared memory; on the host once in each order would take long to compile.
#ifdef SWEEP_GPU
#define INLINE __attribute__((always_inline))
#else
#define INLINE __attribute__((noinline))
#endif

typedef unsigned int uint;
typedef unsigned long long ulong64;

// Four floats that lie together: one 16-byte access.
typedef float Quad __attribute__((vector_size(16), may_alias));

typedef float Pair __attribute__((vector_size(8), may_alias));

DEVICE Pair load2(const float* at) { return *(const Pair*)at; }
DEVICE void store2(float* at, Pair value) { *(Pair*)at = value; }
DEVICE Quad load4(const float* at) { return *(const Quad*)at; }
DEVICE void store4(float* at, Quad value) { *(Quad*)at = value; }
DEVICE float fma1(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
DEVICE Quad fma4(Quad a, float b, Quad c) { return Quad{fma1(a[0], b, c[0]), fma1(a[1], b, c[1]), fma1(a[2], b, c[2]), fma1(a[3], b, c[3])}; }
DEVICE Quad all4(float v) { return Quad{v, v, v, v}; }
DEVICE int least(int a, int b) { return a < b ? a : b; }
DEVICE int ceilTo(int a, int b) { return (a + b - 1) / b * b; }

#ifdef SWEEP_GPU

struct Warp {
    int own;
    template <class Each>
    DEVICE void each(Each run) const { run(own); }
};

// A lane's part of a matrix that a warp holds.
template <int Count>
struct Fragment {
    float values[Count];
    DEVICE float* at(int) { return values; }
};

template <int Threads>
struct Block {
    template <class Phase>
    DEVICE void each(Phase phase) const {
        phase(int(__nvvm_read_ptx_sreg_tid_x()));
        __nvvm_bar_sync(0);
    }

    template <class Phase>
    DEVICE void eachWarp(Phase phase) const {
        int thread = int(__nvvm_read_ptx_sreg_tid_x());
        phase(thread >> 5, Warp{thread & 31});
        __nvvm_bar_sync(0);
    }
};

// Tells the compiler that a pointer read from memory is one to global memory, so that it needn't ask with every access.
template <class T>
DEVICE T* inGlobal(T* at) {
    __attribute__((address_space(1))) T* global;
    asm("cvta.to.global.u64 %0, %1;" : "=l"(global) : "l"(at));
    return (T*)global;
}

DEVICE int readFresh(const int* at) { int v; asm volatile("ld.volatile.global.s32 %0, [%1];" : "=r"(v) : "l"(at)); return v; }
// 2^x and 1/x by the special function unit: 2 and 1 units in the last place.
DEVICE float exp2Fast(float x) { float y; asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }
DEVICE float inverseFast(float x) { float y; asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }
DEVICE float root(float x) { float y; asm("sqrt.rn.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; }
DEVICE float asFloat(uint bits) { return __builtin_bit_cast(float, bits); }
DEVICE uint asBits(float value) { return __builtin_bit_cast(uint, value); }

#else

// How the host runs a phase.
enum HostOrder { Ascending = 0, Descending = 1, Scattered = 2, Watched = 3 };

struct HostBlock {
    int order = Ascending;
    int thread = 0;               // the one that runs, where each runs the whole kernel by itself
    void (*barrier)() = nullptr;  // theirs
};

extern thread_local HostBlock hostBlock;

// What coroutines share is no business of the sanitizer's.
inline __attribute__((no_sanitize_thread, noinline)) HostBlock runningBlock() { return hostBlock; }

template <int Count, class Run>
inline __attribute__((always_inline)) void inHostOrder(Run run) {
    static_assert((Count & (Count - 1)) == 0, "a power of two");
    switch (runningBlock().order) {
    case Descending: for (int i = Count - 1; i >= 0; i--) run(i); break;
    case Scattered: for (int i = 0; i < Count; i++) run((i * 37 + 11) & (Count - 1)); break;
    default: for (int i = 0; i < Count; i++) run(i); break;
    }
}

struct Warp {
    template <class Each>
    inline void each(Each run) const { inHostOrder<32>(run); }
};

template <int Count>
struct Fragment {
    float values[32][Count];
    float* at(int lane) { return values[lane]; }
};

template <int Threads>
struct Block {
    template <class Phase>
    inline __attribute__((always_inline)) void each(Phase phase) const {
        if (runningBlock().order != Watched) {
            inHostOrder<Threads>(phase);
            return;
        }
        phase(runningBlock().thread);
        runningBlock().barrier();
    }

    // Watched, a warp is its first thread.
    template <class Phase>
    inline void eachWarp(Phase phase) const {
        if (runningBlock().order != Watched) {
            inHostOrder<Threads / 32>([&](int warp) { phase(warp, Warp{}); });
            return;
        }
        if (runningBlock().thread % 32 == 0)
            phase(runningBlock().thread / 32, Warp{});
        runningBlock().barrier();
    }
};

template <class T>
inline T* inGlobal(T* at) { return at; }

inline int readFresh(const int* at) { return *(const volatile int*)at; }
inline float exp2Fast(float x) { return std::exp2(x); }
inline float inverseFast(float x) { return 1.0f / x; }
inline float root(float x) { return std::sqrt(x); }
inline float asFloat(uint bits) { float v; std::memcpy(&v, &bits, 4); return v; }
inline uint asBits(float value) { uint v; std::memcpy(&v, &value, 4); return v; }

#endif
