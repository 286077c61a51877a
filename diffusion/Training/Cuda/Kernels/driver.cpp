// A CUDA driver for tests: libcuda.so.1 with the few functions that CudaNative.cs calls, whose only GPU is this machine's processor running libkernels-WIDTH.so
// beside it. So the whole way from `--device cuda` to a report is tested without a GPU: signatures, contexts, names of kernels, launch geometry. It asks for
// what the real one asks for (a current context, a known handle) and refuses like it.
//   SWEEP_TEST_GPU_BYTES    memory of the GPU (default 1 GiB)
//   SWEEP_TEST_GPU_FAULT    "launch": kernels fail; "wrong": they compute nothing
#include <dlfcn.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include <unistd.h>

#include "forward.h"
#include "measure.h"
#include "plan.h"
#include "sample.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

enum {
    Success = 0, InvalidValue = 1, OutOfMemory = 2, NotInitialised = 3, InvalidContext = 201, InvalidPtx = 218, InvalidHandle = 400, NotFound = 500,
    LaunchFailed = 719
};

// Numbers of functions beside the training variants.
enum { LogDensity = 0, PairDistances = 1, Unmap = 2, Sample = 14, Forward = 15 };

std::mutex lock;
std::map<size_t, size_t> blocks;
size_t used;
std::atomic<bool> initialised{false};
thread_local void* current;
int context;
unsigned contextFlags;

// What the real driver keeps too: each kernel's attributes, and streams with their priorities (the per-thread default stream, 2, has the least).
std::map<size_t, std::map<int, int>> attributes;
std::map<void*, int> streams;
enum { DeviceSharedBytes = 232448, UnaskedSharedBytes = 49152, SharedBytesPerMultiprocessor = 233472, MostDynamicShared = 8, Carveout = 9 };

int attribute(size_t function, int which, int otherwise) {
    std::lock_guard<std::mutex> guard(lock);
    auto& set = attributes[function];
    auto found = set.find(which);
    return found == set.end() ? otherwise : found->second;
}

bool knownStream(void* stream) {
    std::lock_guard<std::mutex> guard(lock);
    return stream == reinterpret_cast<void*>(2) || streams.count(stream) == 1;
}

bool hurried(void* stream) {
    std::lock_guard<std::mutex> guard(lock);
    auto found = streams.find(stream);
    return found != streams.end() && found->second < 0;
}

size_t memory() {
    const char* given = std::getenv("SWEEP_TEST_GPU_BYTES");
    return given ? std::strtoull(given, nullptr, 10) : size_t(1) << 30;
}

bool fault(const char* name) {
    const char* given = std::getenv("SWEEP_TEST_GPU_FAULT");
    return given && std::strcmp(given, name) == 0;
}

// True when a range lies within one allocation.
bool known(size_t address, size_t bytes) {
    std::lock_guard<std::mutex> guard(lock);
    auto after = blocks.upper_bound(address);
    if (after == blocks.begin())
        return false;
    --after;
    return address + bytes <= after->first + after->second;
}

bool known(const void* address, size_t bytes) { return known(reinterpret_cast<size_t>(address), bytes); }

// Whether a kernel's arguments lie within what was allocated.
bool inBounds(int width, int number, int blocks, const void* argument) {
    const size_t real = sizeof(float);
    if (width > 0 && number == Sample) {
        auto call = static_cast<const SampleCall*>(argument);
        size_t matrix = sizeof(double) * size_t(call->stride) * size_t(call->plan.dimensions);
        bool fits = known(call->weights, real * size_t(call->plan.parameters))
            && known(call->firstBias, real * size_t(call->until) * size_t(call->biasStride))
            && known(call->steps, sizeof(SampleStep) * size_t(call->until));
        for (int i = call->from; fits && i < call->until; i++) {
            const SampleStep& step = call->steps[i];
            fits = known(call->slots + size_t(step.points) * matrix / 8, matrix)
                && (step.answer < 0 || known(call->slots + size_t(step.answer) * matrix / 8, matrix))
                && (step.record < 0 || known(call->records + size_t(2 * (step.record - call->firstRecord)) * matrix / 8, 2 * matrix))
                && known(call->terms, sizeof(SampleTerm) * size_t(step.firstTerm + step.terms))
                && known(call->termWeights, sizeof(double) * size_t(step.firstTerm + step.terms) * size_t(call->plan.dimensions));
            for (int j = step.firstTerm; fits && j < step.firstTerm + step.terms; j++)
                fits = call->terms[j].slot < 0 || known(call->slots + size_t(call->terms[j].slot) * matrix / 8, matrix);
        }
        return fits && call->rows <= call->stride && known(call->added, sizeof(double) * size_t(call->until) * size_t(call->plan.dimensions));
    }
    if (width > 0) {
        auto call = static_cast<const ForwardCall*>(argument);
        size_t values = real * size_t(call->rows) * size_t(call->plan.dimensions);
        return known(call->weights, real * size_t(call->plan.parameters)) && known(call->firstBias, real * size_t(call->plan.units))
            && known(call->x, values) && known(call->output, values);
    }
    if (number == LogDensity) {
        auto call = static_cast<const DensityCall*>(argument);
        size_t states = size_t(blocks / call->blocksPerState), points = states * size_t(call->rows);
        return known(call->points, real * points * size_t(call->dimensions)) && (!call->nats || known(call->nats, real * points))
            && (!call->sums || known(call->sums, sizeof(double) * size_t(blocks))) && known(call->means, real)
            && known(call->groups, real * GroupNumbers);
    }
    if (number == Unmap) {
        auto call = static_cast<const UnmapCall*>(argument);
        size_t states = size_t(blocks / call->blocksPerState), values = states * size_t(call->rows) * size_t(call->dimensions);
        size_t recorded = states * size_t(call->dimensions) * size_t(call->stride) - size_t(call->stride - call->rows);
        bool mapped = call->layerCount == 0
            || (known(call->tables, sizeof(double)) && known(call->layers, sizeof(int) * LayerNumbers * size_t(call->layerCount)));
        return known(call->records, sizeof(double) * recorded) && (!call->points || known(call->points, real * values))
            && (!call->wide || known(call->wide, sizeof(double) * values)) && mapped;
    }
    auto call = static_cast<const PairCall*>(argument);
    return known(call->a, real * size_t(call->countA) * size_t(call->dimensions)) && known(call->b, real * size_t(call->countB) * size_t(call->dimensions))
        && known(call->sums, sizeof(double));
}

// The libraries of kernels: of a width, or 0, what measures.
void* library(int width) {
    Dl_info here;
    dladdr(reinterpret_cast<void*>(&library), &here);
    std::string folder(here.dli_fname);
    folder = folder.substr(0, folder.find_last_of('/'));
    return dlopen((folder + (width == 0 ? "/../libmeasure.so" : "/../libkernels-" + std::to_string(width) + ".so")).c_str(), RTLD_NOW);
}

}

EXPORT int cuInit(unsigned flags) {
    const char* connections = std::getenv("CUDA_DEVICE_MAX_CONNECTIONS");
    initialised = flags == 0 && connections && std::atoi(connections) == 32;
    return initialised ? Success : InvalidValue;
}
EXPORT int cuDriverGetVersion(int* version) { *version = 12000; return Success; }

EXPORT int cuGetErrorName(int error, const char** name) {
    switch (error) {
    case InvalidValue: *name = "CUDA_ERROR_INVALID_VALUE"; return Success;
    case OutOfMemory: *name = "CUDA_ERROR_OUT_OF_MEMORY"; return Success;
    case NotInitialised: *name = "CUDA_ERROR_NOT_INITIALIZED"; return Success;
    case InvalidContext: *name = "CUDA_ERROR_INVALID_CONTEXT"; return Success;
    case InvalidHandle: *name = "CUDA_ERROR_INVALID_HANDLE"; return Success;
    case InvalidPtx: *name = "CUDA_ERROR_INVALID_PTX"; return Success;
    case NotFound: *name = "CUDA_ERROR_NOT_FOUND"; return Success;
    case LaunchFailed: *name = "CUDA_ERROR_LAUNCH_FAILED"; return Success;
    default: return InvalidValue;
    }
}

EXPORT int cuGetErrorString(int error, const char** text) {
    *text = error == OutOfMemory ? "out of memory" : error == LaunchFailed ? "unspecified launch failure" : "refused by the tests' driver";
    return Success;
}

EXPORT int cuDeviceGetCount(int* count) { *count = 1; return initialised ? Success : NotInitialised; }
EXPORT int cuDeviceGet(int* device, int ordinal) { *device = ordinal; return ordinal == 0 ? Success : InvalidValue; }
EXPORT int cuDeviceGetName(char* name, int length, int) { std::snprintf(name, size_t(length), "tests' GPU"); return Success; }
EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = memory(); return Success; }

EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
    switch (attribute) {
    case 13: *value = 1000000; return Success;
    case 16: *value = 4; return Success;
    case 36: *value = 1000000; return Success;
    case 37: *value = 1024; return Success;
    case 75: *value = 9; return Success;
    case 76: *value = 0; return Success;
    case 97: *value = DeviceSharedBytes; return Success;
    default: return InvalidValue;
    }
}

// Sweep's threads must sleep while they wait (4, CU_CTX_SCHED_BLOCKING_SYNC): there are more of them than cores.
EXPORT int cuDevicePrimaryCtxSetFlags_v2(int, unsigned flags) { contextFlags = flags; return Success; }
EXPORT int cuDevicePrimaryCtxRetain(void** given, int) { *given = &context; return contextFlags == 4 ? Success : InvalidValue; }
EXPORT int cuCtxGetStreamPriorityRange(int* least, int* greatest) { *least = 0; *greatest = -5; return current ? Success : InvalidContext; }
EXPORT int cuDevicePrimaryCtxRelease_v2(int) { return Success; }
EXPORT int cuCtxSetCurrent(void* given) { current = given; return given == &context ? Success : InvalidContext; }

EXPORT int cuMemGetInfo_v2(size_t* unused, size_t* total) {
    std::lock_guard<std::mutex> guard(lock);
    *total = memory();
    *unused = *total - used;
    return current ? Success : InvalidContext;
}

EXPORT int cuMemAlloc_v2(size_t* address, size_t bytes) {
    if (!current || bytes == 0)
        return current ? InvalidValue : InvalidContext;
    std::lock_guard<std::mutex> guard(lock);
    if (used + bytes > memory())
        return OutOfMemory;
    void* block = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
    std::memset(block, 0xFF, bytes);
    *address = reinterpret_cast<size_t>(block);
    blocks[*address] = bytes;
    used += bytes;
    return Success;
}

EXPORT int cuMemFree_v2(size_t address) {
    if (!current)
        return InvalidContext;
    std::lock_guard<std::mutex> guard(lock);
    auto block = blocks.find(address);
    if (block == blocks.end())
        return InvalidValue;
    used -= block->second;
    blocks.erase(block);
    std::free(reinterpret_cast<void*>(address));
    return Success;
}

EXPORT int cuMemcpyHtoDAsync_v2(size_t target, const void* source, size_t bytes, void* stream) {
    if (!current || !known(target, bytes) || !knownStream(stream))
        return current ? InvalidValue : InvalidContext;
    // The stop flag, while a kernel reads it.
    if (bytes == sizeof(int))
        __atomic_store_n(reinterpret_cast<int*>(target), *static_cast<const int*>(source), __ATOMIC_RELAXED);
    else
        std::memcpy(reinterpret_cast<void*>(target), source, bytes);
    return Success;
}

EXPORT int cuMemcpyDtoHAsync_v2(void* target, size_t source, size_t bytes, void* stream) {
    if (!current || !known(source, bytes) || !knownStream(stream))
        return current ? InvalidValue : InvalidContext;
    std::memcpy(target, reinterpret_cast<void*>(source), bytes);
    return Success;
}

EXPORT int cuStreamCreateWithPriority(void** stream, unsigned flags, int priority) {
    if (!current || flags != 1)
        return current ? InvalidValue : InvalidContext;
    std::lock_guard<std::mutex> guard(lock);
    *stream = std::malloc(1);
    streams[*stream] = priority;
    return Success;
}

EXPORT int cuStreamDestroy_v2(void* stream) {
    std::lock_guard<std::mutex> guard(lock);
    return streams.erase(stream) == 1 ? Success : InvalidHandle;
}

EXPORT int cuStreamSynchronize(void* stream) { return !current ? InvalidContext : knownStream(stream) ? Success : InvalidHandle; }
EXPORT int cuEventCreate(void** event, unsigned) { *event = std::malloc(1); return Success; }
EXPORT int cuEventRecord(void*, void*) { return Success; }
EXPORT int cuEventSynchronize(void*) { return current ? Success : InvalidContext; }
EXPORT int cuEventElapsedTime(float* milliseconds, void*, void*) { *milliseconds = 1; return Success; }
EXPORT int cuEventDestroy_v2(void* event) { std::free(event); return Success; }

// A module is a width, or 0 for what measures; a function is a variant of a width, 15 its forward kernel, 14 its sampling kernel.
EXPORT int cuModuleLoadDataEx(size_t* module, const char* image, unsigned options, int* names, void** values) {
    const char *entry = std::strstr(image, ".visible .entry train_"), *measures = std::strstr(image, ".visible .entry log_density");
    if ((!entry && !measures) || !std::strstr(image, ".target sm_")) {
        for (unsigned i = 0; i < options; i++)
            if (names[i] == 5)
                std::snprintf(static_cast<char*>(values[i]), 64, "ptxas fatal: no kernels in this text");
        return InvalidPtx;
    }
    *module = entry ? size_t(std::atoi(entry + std::strlen(".visible .entry train_"))) : 0;
    return library(int(*module)) ? Success : InvalidPtx;
}

EXPORT int cuModuleUnload(size_t) { return Success; }

EXPORT int cuModuleGetFunction(size_t* function, size_t module, const char* name) {
    int width = 0, number = Forward;
    if (module == 0) {
        number = std::strcmp(name, "log_density") == 0 ? LogDensity
            : std::strcmp(name, "pair_distances") == 0 ? PairDistances
            : std::strcmp(name, "unmap_states") == 0 ? Unmap : -1;
        if (number < 0)
            return NotFound;
    } else {
        if (std::sscanf(name, "sample_%d", &width) == 1)
            number = Sample;
        else if (std::sscanf(name, "train_%d_%d", &width, &number) != 2 && std::sscanf(name, "forward_%d", &width) != 1)
            return NotFound;
        if (size_t(width) != module)
            return NotFound;
    }
    *function = module * 16 + size_t(number);
    return Success;
}

// A function's attributes are the process's, not the launch's: who sets them for its own launch alone takes them from another thread's. The pause gives those
// others the time to do so.
EXPORT int cuFuncSetAttribute(size_t function, int which, int value) {
    if (!(which == MostDynamicShared && value >= 0 && value <= DeviceSharedBytes) && !(which == Carveout && value >= -1 && value <= 100))
        return InvalidValue;
    {
        std::lock_guard<std::mutex> guard(lock);
        attributes[function][which] = value;
    }
    usleep(2000);
    return Success;
}

EXPORT int cuFuncGetAttribute(int* value, int, size_t) { *value = 0; return Success; }

// A kernel that didn't ask for its share of the cache is given half of it here; each block takes 1 KiB beside its own.
EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* count, size_t function, int threads, size_t sharedBytes) {
    size_t there = size_t(SharedBytesPerMultiprocessor) * size_t(attribute(function, Carveout, 50)) / 100;
    size_t fit = there / (sharedBytes + 1024), most = 2048 / size_t(threads);
    *count = int(fit < most ? fit : most);
    return int(sharedBytes) <= attribute(function, MostDynamicShared, UnaskedSharedBytes) ? Success : InvalidValue;
}

EXPORT int cuLaunchKernel(
    size_t function, unsigned gridX, unsigned, unsigned, unsigned blockX, unsigned, unsigned, unsigned sharedBytes, void* stream, void** parameters, void**) {
    if (!current)
        return InvalidContext;
    if (!knownStream(stream))
        return InvalidHandle;
    if (int(sharedBytes) > attribute(function, MostDynamicShared, UnaskedSharedBytes))
        return InvalidValue;

    // A sample's short launches go before training's long ones.
    bool trains = function / 16 > 0 && function % 16 < Sample;
    if (trains == hurried(stream))
        return InvalidValue;
    if (fault("launch"))
        return LaunchFailed;
    if (fault("wrong"))
        return Success;
    int width = int(function / 16), number = int(function % 16);
    void* kernels = library(width);
    std::string name = std::to_string(width);
    auto symbol = [&](const std::string& what) { return dlsym(kernels, what.c_str()); };
    if (width == 0 || number == Forward || number == Sample) {
        typedef int (*Run)(const void*, int, int, int);
        std::string entry = width > 0 ? (number == Sample ? "hostSample" : "hostForward") + name
            : number == LogDensity ? "hostLogDensity"
            : number == Unmap ? "hostUnmap" : "hostPairDistances";
        Run run = Run(symbol(entry));
        if (!run || (width > 0 ? run(nullptr, 0, 0, 0) : int(MeasureThreads)) != int(blockX) || !inBounds(width, number, int(gridX), parameters[0]))
            return InvalidValue;
        return run(parameters[0], int(gridX), int(sharedBytes), 0) ? Success : InvalidValue;
    }

    auto threads = reinterpret_cast<int (*)(int)>(symbol("hostThreads" + name));
    auto launch = reinterpret_cast<int (*)(int, Trial*, int, const int*, const Plan*, int, int)>(symbol("hostLaunch" + name));
    if (!threads || unsigned(threads(number)) != blockX)
        return InvalidValue;
    auto trials = *static_cast<Trial**>(parameters[0]);
    auto stop = *static_cast<const int**>(parameters[1]);
    if (!known(reinterpret_cast<size_t>(trials), sizeof(Trial) * gridX) || !known(reinterpret_cast<size_t>(stop), sizeof(int)))
        return InvalidValue;
    return launch(number, trials, int(gridX), stop, static_cast<const Plan*>(parameters[2]), int(sharedBytes), 0) ? Success : InvalidValue;
}
