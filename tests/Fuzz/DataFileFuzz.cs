using System.IO.Compression;
using System.Text;
using Sweep.Grains.Specs;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>Whatever a data file holds, a spec that names it is read, or refused with errors.</summary>
public sealed class DataFileFuzz(ITestOutputHelper output)
{
    [Fact]
    public void Read_WhateverACsvHolds_IsDataOrErrors() => Run("data.csv",
    [
        Encoding.UTF8.GetBytes("a,b,c\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * i % 7}.5,{-i}e-3\n"))),
        Encoding.UTF8.GetBytes("a;b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},5;-{i * i % 11}\n"))),
        Encoding.UTF8.GetBytes("# c\n\"a\",\"b\"\r\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"\"{i}\",nan\r\n"))),
    ]);

    [Theory]
    [InlineData("<f8", 8)]
    [InlineData("<f4", 4)]
    [InlineData("|b1", 1)]
    [InlineData(">f8", 8)]
    public void Read_WhateverAnNpyHolds_IsDataOrErrors(string type, int size)
    {
        Run("data.npy", [Npy(type, size)]);
    }

    /// <summary>The archive itself: a changed array in it mostly fails its checksum.</summary>
    [Fact]
    public void Read_WhateverAnNpzHolds_IsDataOrErrors() => Run("data.npz",
    [
        Npz(CompressionLevel.NoCompression, ("arr_0.npy", Npy("<f8", 8))),
        Npz(CompressionLevel.Optimal, ("arr_0.npy", Npy("<f4", 4))),
        Npz(CompressionLevel.Optimal, ("x.npy", Npy("<f4", 4)), ("y.npy", Npy("|b1", 1)), ("note.txt", "no array"u8.ToArray())),
    ]);

    [Fact]
    public void Read_WhateverAnArrayOfAWholeNpzHolds_IsDataOrErrors() => Run(
        "data.npz",
        [Npy("<f8", 8), Npy("<f2", 2), Npy(">i4", 4)],
        (random, samples) => Npz(CompressionLevel.Fastest, ("arr_0.npy", Fuzzer.Mutate(random, samples))));

    [Fact]
    public void Read_WhateverAGzipHolds_IsDataOrErrors() => Run("data.csv.gz",
    [
        Gzip(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{-i}\n")))),
        Gzip(Npy("<f8", 8)),
    ]);

    /// <summary>80 numbers in 40 rows.</summary>
    private static byte[] Npy(string type, int size)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': (40, 2), }}";
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        byte[] data = [.. Enumerable.Range(0, 80 * size).Select(i => (byte)(i * 37 % 61))];
        return [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, (byte)(header.Length >> 8),
            .. Encoding.ASCII.GetBytes(header), .. data];
    }

    private static byte[] Npz(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return stream.ToArray();
    }

    private void Run(string name, byte[][] samples, Func<FuzzRandom, IReadOnlyList<byte[]>, byte[]>? mutate = null)
    {
        using var scratch = new Scratch();
        string data = Path.Combine(scratch.Path, name);
        string spec = scratch.Write("spec.yaml", $"sweep: s\nseeds: 1\naxes:\n  dataset: [{{kind: file, name: d, path: {name}}}]\n  width: 8\n");
        Fuzzer.Run(name, output, samples, bytes =>
        {
            File.WriteAllBytes(data, bytes);
            SpecReading reading = SpecReader.Read(spec, SpecCatalogue.Default);
            Assert.NotEqual(reading.Spec is null, reading.Errors.Count == 0);
        }, mutate);
    }
}
