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
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': (40, 2), }}";
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        byte[] sample = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. new byte[80 * size]];
        Run("data.npy", [sample]);
    }

    private void Run(string name, byte[][] samples)
    {
        using var scratch = new Scratch();
        string data = Path.Combine(scratch.Path, name);
        string spec = scratch.Write("spec.yaml", $"sweep: s\nseeds: 1\naxes:\n  dataset: [{{kind: file, name: d, path: {name}}}]\n  width: 8\n");
        Fuzzer.Run(name, output, samples, bytes =>
        {
            File.WriteAllBytes(data, bytes);
            SpecReading reading = SpecReader.Read(spec, SpecCatalogue.Default);
            Assert.NotEqual(reading.Spec is null, reading.Errors.Count == 0);
        });
    }
}
