using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>Draws the four sets of a synthetic dataset, each from a stream of its own purpose, so that no two share a draw.</summary>
internal static class DatasetDraw
{
    /// <summary>Fills rows with independent draws.</summary>
    internal delegate void Sampler(ref PhiloxStream stream, Span<double> points);

    /// <summary>Streams are sequential: a larger set begins with the smaller one.</summary>
    internal static DatasetSplit FromStreams(SplitSizes sizes, ulong seed, int dimensions, Sampler sampler)
    {
        return new DatasetSplit
        {
            Training = Set(sizes.Training, NoisePurpose.TrainingPoints),
            Validation = Set(sizes.Validation, NoisePurpose.ValidationPoints),
            Test = Set(sizes.Test, NoisePurpose.TestPoints),
            Fresh = Set(sizes.Fresh, NoisePurpose.FreshPoints),
        };

        PointSet Set(int count, NoisePurpose purpose)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            var stream = new PhiloxStream(seed, purpose);
            double[] points = new double[checked(count * dimensions)];
            sampler(ref stream, points);
            return new PointSet(points, dimensions);
        }
    }
}
