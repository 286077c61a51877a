// Random numbers, bit for bit those of Philox.cs, NormalNoise.cs and Lanes/Fp32.cs, and the activations.
#pragma once
#include "block.h"

enum { PurposeTrainingBatch = 9, PurposeTrainingNoise = 10 };

struct Words { uint a, b, c, d; };

// Philox4x32-10 at the counter (block, row, step, purpose).
DEVICE Words philox(ulong64 key, uint block, uint row, uint step, uint purpose) {
    uint c0 = block, c1 = row, c2 = step, c3 = purpose, k0 = uint(key), k1 = uint(key >> 32);
#pragma unroll
    for (int round = 0; round < 10; round++) {
        ulong64 p0 = ulong64(0xD2511F53u) * c0, p1 = ulong64(0xCD9E8D57u) * c2;
        uint n0 = uint(p1 >> 32) ^ c1 ^ k0, n2 = uint(p0 >> 32) ^ c3 ^ k1;
        c1 = uint(p1);
        c3 = uint(p0);
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return Words{c0, c1, c2, c3};
}

// ln(x) of a positive normal x: Fp32.Log.
DEVICE float logarithm(float x) {
    const uint SqrtHalf = 0x3F3504F3u;
    const float Ln2High = 0.693359375f, Ln2Low = -0.00021219444f;
    uint offset = asBits(x) - SqrtHalf;
    float k = float(int((offset + (128u << 23)) >> 23)) - 128.0f;
    float f = asFloat((offset & 0x007FFFFFu) + SqrtHalf) - 1.0f;
    float p = fma1(-0.07859333604574203f, f, 0.1288154125213623f);
    p = fma1(p, f, -0.1312880963087082f);
    p = fma1(p, f, 0.14181210100650787f);
    p = fma1(p, f, -0.1662455052137375f);
    p = fma1(p, f, 0.2000228613615036f);
    p = fma1(p, f, -0.25000810623168945f);
    p = fma1(p, f, 0.33333316445350647f);
    float f2 = f * f;
    float cubed = f2 * f;
    float tail = fma1(f2, -0.5f, cubed * p);
    tail = fma1(k, Ln2Low, tail);
    return fma1(k, Ln2High, tail + f);
}

// Sine and cosine of 2 pi u / 2^32: Fp32.SinCosTurn.
DEVICE void sinCosTurn(uint u, float& sine, float& cosine) {
    uint quadrant = u + (1u << 29);
    float f = float(int(u << 2)) * (1.0f / 4294967296.0f);
    float s = f * f;
    float sin = fma1(-0.004602177068591118f, s, 0.07968022674322128f);
    sin = fma1(sin, s, -0.6459634900093079f);
    sin = fma1(sin, s, 1.5707963705062866f) * f;
    float cos = fma1(0.0009040215518325567f, s, -0.02086028829216957f);
    cos = fma1(cos, s, 0.25366923213005066f);
    cos = fma1(cos, s, -1.2337005138397217f);
    cos = fma1(cos, s, 1.0f);
    bool odd = (quadrant >> 30) & 1;
    uint sinSign = quadrant & 0x80000000u, cosSign = (quadrant + (1u << 30)) & 0x80000000u;
    sine = asFloat(asBits(odd ? cos : sin) ^ sinSign);
    cosine = asFloat(asBits(odd ? sin : cos) ^ cosSign);
}

// Two independent standard normals: NormalNoise.BoxMuller.
DEVICE void boxMuller(uint radiusWord, uint angleWord, float& first, float& second) {
    float high = float(int(radiusWord >> 16)), low = float(int(radiusWord & 0xFFFFu));
    float uniform = fma1(high, 65536.0f, low + 0.5f) * (1.0f / 4294967296.0f);
    float radius = root(-2.0f * logarithm(uniform));
    float sine, cosine;
    sinCosTurn(angleWord, sine, cosine);
    first = radius * cosine;
    second = radius * sine;
}

struct Activated { float value, slope; };

// As Activation.cs. All give 0 at 0, so that padding stays zero; a NaN comes through.
struct Silu {
    DEVICE static Activated at(float z) {
        float s = inverseFast(1.0f + exp2Fast(-1.4426950216293335f * z));
        float y = z * s;
        return {y, fma1(y, 1.0f - s, s)};
    }
};

struct Relu {
    DEVICE static Activated at(float z) { return {z < 0.0f ? 0.0f : z, z > 0.0f ? 1.0f : 0.0f}; }
};

struct Tanh {
    // 1 - 2 / (1 + exp(2 z)) is off by 1e-7 whatever its size, so near 0 the series (relative error 6e-8 at 0.2).
    DEVICE static Activated at(float z) {
        float u = z * z;
        float p = fma1(fma1(fma1(u, -0.053968254f, 0.13333334f), u, -0.33333334f), u, 1.0f) * z;
        float t = fma1(-2.0f, inverseFast(1.0f + exp2Fast(2.8853900432586670f * z)), 1.0f);
        t = u < 0.04f ? p : t;
        return {t, fma1(-t, t, 1.0f)};
    }
};

struct Gelu {
    // Fp32.Normal.
    DEVICE static Activated at(float z) {
        float magnitude = asFloat(asBits(z) & 0x7FFFFFFFu);
        float e = exp2Fast(-0.72134751081466675f * z * z);
        float t = inverseFast(fma1(0.3f, magnitude, 1.0f));
        float p = fma1(0.03567521274089813f, t, -0.15720485150814056f);
        p = fma1(p, t, 0.20635642111301422f);
        p = fma1(p, t, -0.05368618294596672f);
        p = fma1(p, t, 0.12856288254261017f);
        p = fma1(p, t, 0.09991314262151718f);
        p = fma1(p, t, 0.12075401097536087f);
        p = fma1(p, t, 0.11962929368019104f);
        float tail = p * t * e;
        float distribution = z < 0.0f ? tail : 1.0f - tail;
        return {z * distribution, fma1(z, e * 0.3989422804014327f, distribution)};
    }
};
