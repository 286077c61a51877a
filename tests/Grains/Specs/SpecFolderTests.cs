using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class SpecFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sweep-folder-").FullName;

    public SpecFolderTests()
    {
        foreach (string file in new[] { "spec/a.csv", "spec/data/b.csv", "spec2/c.csv", "outside/d.csv" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.WriteAllText(At(file), "x\n1\n");
        }

        File.CreateSymbolicLink(At("spec/link.csv"), At("outside/d.csv"));
        File.CreateSymbolicLink(At("spec/relative.csv"), "../outside/d.csv");
        File.CreateSymbolicLink(At("spec/inner.csv"), "data/../data/b.csv");
        Directory.CreateSymbolicLink(At("spec/elsewhere"), At("outside"));
        Directory.CreateSymbolicLink(At("alias"), At("spec"));
        File.CreateSymbolicLink(At("outside/back.csv"), "../spec/a.csv");
        File.CreateSymbolicLink(At("spec/loop"), "loop");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("spec", "spec/a.csv", true)]
    [InlineData("spec", "spec/data/b.csv", true)]
    [InlineData("spec/", "spec/./data/../a.csv", true)]
    [InlineData("spec", "spec2/c.csv", false)]
    [InlineData("spec", "outside/d.csv", false)]
    [InlineData("spec", "spec/../outside/d.csv", false)]
    [InlineData("spec", "spec/link.csv", false)]
    [InlineData("spec", "spec/relative.csv", false)]
    [InlineData("spec", "spec/elsewhere/d.csv", false)]
    [InlineData("spec", "spec/inner.csv", true)]
    [InlineData("spec", "alias/a.csv", true)]
    [InlineData("alias", "spec/a.csv", true)]
    [InlineData("alias", "alias/link.csv", false)]
    [InlineData("spec", "outside/back.csv", true)]
    [InlineData("spec", "spec", false)]
    public void Holds_WhereverLinksLead_SaysWhatTheFileIsIn(string folder, string file, bool holds) =>
        Assert.Equal(holds, SpecFolder.Holds(At(folder), At(file)));

    [Fact]
    public void Holds_WhenTheFolderIsTheRoot_IsTrue() => Assert.True(SpecFolder.Holds("/", At("outside/d.csv")));

    [Fact]
    public void Holds_WhenLinksGoInCircles_Throws() => Assert.Throws<IOException>(() => SpecFolder.Holds(At("spec"), At("spec/loop")));

    private string At(string path) => Path.Combine(_root, path);
}
