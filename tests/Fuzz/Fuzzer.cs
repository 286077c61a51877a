using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>
/// Mutates samples and hands them to a reader, which may refuse them in the ways it promises and no other. Seconds each, with a fixed seed and a fresh one,
/// which is written; <c>SWEEP_FUZZ_SECONDS=3600</c> makes it longer, <c>SWEEP_FUZZ_SEED</c> repeats what failed.
/// </summary>
internal static class Fuzzer
{
    private const int FixedSeed = 20240229;

    private static readonly double Seconds =
        double.TryParse(Environment.GetEnvironmentVariable("SWEEP_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out double seconds) ? seconds : 2;

    /// <param name="target">What is read, for messages.</param>
    /// <param name="output">Told the seeds and how many inputs were read.</param>
    /// <param name="samples">Whole inputs, which the mutations begin with.</param>
    /// <param name="read">Reads one; whatever it throws is a find.</param>
    /// <param name="mutate">Another mutation than <see cref="Mutate"/>.</param>
    public static void Run(
        string target,
        ITestOutputHelper output,
        IReadOnlyList<byte[]> samples,
        Action<byte[]> read,
        Func<FuzzRandom, IReadOnlyList<byte[]>, byte[]>? mutate = null)
    {
        int[] seeds = int.TryParse(Environment.GetEnvironmentVariable("SWEEP_FUZZ_SEED"), CultureInfo.InvariantCulture, out int asked)
            ? [asked]
            : [FixedSeed, RandomNumberGenerator.GetInt32(int.MaxValue)];
        foreach (int seed in seeds)
        {
            var random = new FuzzRandom(seed);
            long began = Stopwatch.GetTimestamp();
            int count = 0;
            for (; count == 0 || Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds / seeds.Length; count++)
            {
                byte[] input = (mutate ?? Mutate)(random, samples);
                try
                {
                    read(input);
                }
                catch (Exception e)
                {
                    string kept = Path.Combine(Path.GetTempPath(), $"sweep-fuzz-{target.Replace(' ', '-')}-{seed}-{count}");
                    File.WriteAllBytes(kept, input);
                    Assert.Fail($"{target}: SWEEP_FUZZ_SEED={seed}, input {count}, kept in {kept}: {e}");
                }
            }

            output.WriteLine($"{target}: seed {seed}, {count} inputs");
        }
    }

    /// <summary>One to four changes: bits, bytes, rows of bytes taken out, doubled, put elsewhere or taken from another sample, and ends cut off.</summary>
    public static byte[] Mutate(FuzzRandom random, IReadOnlyList<byte[]> samples)
    {
        List<byte> bytes = [.. samples[random.Next(samples.Count)]];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
            Change(random, samples, bytes);
        return [.. bytes];
    }

    private static void Change(FuzzRandom random, IReadOnlyList<byte[]> samples, List<byte> bytes)
    {
        ReadOnlySpan<byte> telling = [0, 1, 9, 10, 13, 32, 34, 35, 39, 44, 45, 46, 48, 57, 58, 91, 93, 101, 123, 125, 127, 128, 192, 255];
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = telling[random.Next(telling.Length)];
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                byte[] other = samples[random.Next(samples.Count)];
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 40)]);
                break;
            case 5 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes.Insert(at, telling[random.Next(telling.Length)]);
                break;
        }
    }
}
