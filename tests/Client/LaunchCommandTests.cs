using Xunit;

namespace Sweep.Tests.Client;

/// <summary><c>sweep launch</c> before it asks a store for anything.</summary>
public sealed class LaunchCommandTests : IDisposable
{
    /// <summary>Nobody listens there: who gets so far ends with 3.</summary>
    private const string Store = "postgresql://nobody@127.0.0.1:1/none";

    private readonly Scratch _scratch = new();

    public LaunchCommandTests()
    {
        _scratch.Write("data/points.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i * 0.1},{(i * 7) % 13}\n")));
        _scratch.Write("spec/own.csv", File.ReadAllText(Path.Combine(_scratch.Path, "data", "points.csv")));
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "spec", "link.csv"), "../data/points.csv");
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("../data/points.csv", false, 2)]
    [InlineData("link.csv", false, 2)]
    [InlineData("../data/points.csv", true, 3)]
    [InlineData("own.csv", false, 3)]
    public async Task Launch_WhenADataFileIsOutsideTheSpecsFolder_IsRefusedUnlessAllowed(string path, bool allow, int code)
    {
        _scratch.Write(
            "spec/tiny.yaml",
            TinySpec.Quick.Replace("{kind: gmm-ring, name: ring8}", $"{{kind: file, name: mine, path: {path}}}", StringComparison.Ordinal)
                .Replace("seeds: 2", "seeds: 1\ncompare: {axis: preprocessing, baseline: standardize, metric: energy_distance}", StringComparison.Ordinal));
        string[] allowed = allow ? ["--allow-outside"] : [];
        SweepOutcome outcome = await SweepProcess.RunAsync(_scratch.Path, ["launch", "spec/tiny.yaml", "--store", Store, .. allowed]);
        Assert.True(outcome.ExitCode == code, outcome.Error);
        Assert.Equal(code == 2,
            outcome.Error.Contains("is outside the spec's folder and would be stored with the sweep; allowed: files below", StringComparison.Ordinal));
    }
}
