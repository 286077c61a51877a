using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>
/// Kinds with at most one marginal layer lose at most 5 digits on a plateau, so they keep the round trip on rough data too, and far outside them.
/// </summary>
/// <param name="kind">The kind's name in a spec.</param>
/// <param name="parameters">Parameters that differ from their defaults, as JSON.</param>
public abstract class OneLayerConformance(string kind, string parameters = "{}") : PreprocessingConformance(kind, parameters)
{
    [Theory]
    [MemberData(nameof(RoughSamples))]
    public void Inverse_OfForwardOfRoughData_IsTheIdentityNearAndFar(string sample) => AssertRoundTrip(sample, [0, 1, 5, 50]);
}
