using Sweep.Diffusion.Files;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Diffusion.Files;

public sealed class AtomicFileTests
{
    [Fact]
    public void Write_WhenTheContentFails_LeavesTheOldFile()
    {
        using var scratch = new Scratch();
        string path = scratch.Write("report.json", "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidDataException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(scratch.Path));
    }

    [Fact]
    public void WriteUnflushed_WhenManyThreadsWriteOneFile_LeavesOneContentWhole()
    {
        using var scratch = new Scratch();
        string path = Path.Combine(scratch.Path, "weights");
        Parallel.For(0, 200, i => AtomicFile.WriteUnflushed(path, Enumerable.Repeat((byte)i, 10_000).ToArray()));
        byte[] left = File.ReadAllBytes(path);
        Assert.Equal(10_000, left.Length);
        Assert.Single(left.Distinct());
        Assert.Single(Directory.GetFiles(scratch.Path));
    }
}
