using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

public sealed class WordingTests
{
    [Theory]
    [InlineData("Energy distance", "energy distance")]
    [InlineData("Sliced Wasserstein-2", "sliced Wasserstein-2")]
    [InlineData("KL on equiprobable bins", "KL on equiprobable bins")]
    [InlineData("", "")]
    public void InSentence_WhateverTheLabel_LowersWordsAndKeepsNames(string label, string expected) => Assert.Equal(expected, MetricInfo.InSentence(label));
}
