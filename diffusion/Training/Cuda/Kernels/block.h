// What the kernels need of a block of threads, for two compilers: clang for the GPU (no CUDA headers: the few declarations are here), and any C++ compiler for the host, whose tests run the same kernel code.
//
// A kernel is a sequence of phases, block.each([&](int thread) { ... }), each of which ends in a barrier. Nothing of a thread outlives a phase but what it wrote to memory, and code between
// phases is uniform. So the host runs a phase as a loop over the threads, in any order (three are tested, and must agree bit for bit), or as real threads under the thread sanitizer.
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

DEVICE Quad load4(const float* at) { return *(const Quad*)at; }
DEVICE void store4(float* at, Quad value) { *(Quad*)at = value; }
DEVICE float fma1(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
DEVICE Quad fma4(Quad a, float b, Quad c) { return Quad{fma1(a[0], b, c[0]), fma1(a[1], b, c[1]), fma1(a[2], b, c[2]), fma1(a[3], b, c[3])}; }
DEVICE Quad all4(float v) { return Quad{v, v, v, v}; }
DEVICE int least(int a, int b) { return a < b ? a : b; }
DEVICE int ceilTo(int a, int b) { return (a + b - 1) / b * b; }

#ifdef SWEEP_GPU

template <int Threads>
struct Block {
    template <class Phase>
    DEVICE void each(Phase phase) const {
        phase(int(__nvvm_read_ptx_sreg_tid_x()));
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
enum HostOrder { Ascending = 0, Descending = 1, Scattered = 2, RealThreads = 3 };

struct HostBlock {
    int order = Ascending;
    int thread = 0;                   // this real thread's number
    void (*barrier)(void*) = nullptr; // of the real threads
    void* barrierState = nullptr;
};

extern thread_local HostBlock hostBlock;

template <int Threads>
struct Block {
    template <class Phase>
    inline __attribute__((always_inline)) void each(Phase phase) const {
        static_assert((Threads & (Threads - 1)) == 0, "a power of two");
        switch (hostBlock.order) {
        case Ascending: for (int t = 0; t < Threads; t++) phase(t); break;
        case Descending: for (int t = Threads - 1; t >= 0; t--) phase(t); break;
        case Scattered: for (int t = 0; t < Threads; t++) phase((t * 37 + 11) & (Threads - 1)); break;
        default: phase(hostBlock.thread); hostBlock.barrier(hostBlock.barrierState); break;
        }
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
