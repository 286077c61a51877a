using Xunit;

namespace Sweep.Tests.Grains.Comparison;

/// <summary>Comparison with reference values.</summary>
internal static class Near
{
    public static void Relative(double expected, double? actual)
    {
        Assert.NotNull(actual);
        Assert.True(
            Math.Abs(actual.Value - expected) <= Tolerances.ReferenceRelative * Math.Max(Math.Abs(expected), double.Epsilon),
            $"expected {expected:R}, got {actual.Value:R}");
    }
}
