using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>What several dataset kinds declare alike.</summary>
internal static class DefinitionParameters
{
    internal const int MaximumDimensions = 1024;
    internal const int MaximumComponents = 4096;

    /// <summary>Of lengths, in the data's unit: their squares and inverse squares stay far from the ends of double precision's range.</summary>
    internal const double SmallestLength = 1e-9, LargestLength = 1e9;

    // JSON numbers are doubles: beyond 2^53 - 1 two seeds might be one.
    internal static Parameter Seed => Parameter.Integer("definition_seed", 0, 0, (1L << 53) - 1, "seed of what is random in the definition; not the trial's");

    internal static Parameter Dimensions(long defaultValue) =>
        Parameter.Integer("dimensions", defaultValue, 1, MaximumDimensions, "dimensions of a point");

    internal static Parameter Components(long defaultValue) =>
        Parameter.Integer("components", defaultValue, 1, MaximumComponents, "number of Gaussians");

    internal static Parameter Std(double defaultValue) =>
        Parameter.Real("std", defaultValue, "standard deviation of each Gaussian", SmallestLength, LargestLength);

    internal static Parameter Noise(double defaultValue) =>
        Parameter.Real("noise", defaultValue, "standard deviation of the noise added to each coordinate", 0, LargestLength);

    internal static PhiloxStream Stream(ParameterValues values) =>
        new((ulong)values.Long("definition_seed"), NoisePurpose.DatasetDefinition);
}
