using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Comparison knows Specs, and not the other way round: what is read from a spec needs no results.</summary>
public sealed class DirectionTests
{
    [Fact]
    public void Specs_WhateverItReads_SeesNoComparison()
    {
        string[] files = Directory.GetFiles(Path.Combine(SweepProcess.RepositoryRoot, "grains", "Specs"), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.DoesNotContain("Sweep.Grains.Comparison", File.ReadAllText(f), StringComparison.Ordinal));
    }
}
