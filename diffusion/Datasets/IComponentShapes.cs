using System.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// The Gaussians of a mixture without their weights: K components over R^d. Immutable and thread-safe. Lanes are points (see <see cref="PointLanes"/>).
/// </summary>
internal interface IComponentShapes
{
    int Components { get; }

    int Dimensions { get; }

    /// <summary>Vectors of scratch that the lane methods need.</summary>
    int ScratchVectors { get; }

    /// <summary>Each component's mean, (K, d).</summary>
    ReadOnlySpan<double> Means { get; }

    /// <summary>log of each component's normalising constant, (K), in nats.</summary>
    ReadOnlySpan<double> LogNormalizers { get; }

    /// <summary>Writes half the squared Mahalanobis distance from <paramref name="x"/> (d) to each component into <paramref name="half"/> (K).</summary>
    void HalfSquaredDistances(ReadOnlySpan<Vector<double>> x, Span<Vector<double>> half, Span<Vector<double>> scratch);

    /// <summary>
    /// Adds each component's score at <paramref name="x"/>, times its responsibility (K), to <paramref name="score"/> (d). Scratch is as
    /// <see cref="HalfSquaredDistances"/> left it for the same x.
    /// </summary>
    void AddScores(
        ReadOnlySpan<Vector<double>> x, ReadOnlySpan<Vector<double>> responsibilities, Span<Vector<double>> score, Span<Vector<double>> scratch);

    /// <summary>Turns standard normals (d) into a draw from a component, in place.</summary>
    void Shape(int component, Span<double> normals);

    /// <summary>Writes a component's covariance, (d, d) row-major.</summary>
    void Covariance(int component, Span<double> covariance);

    /// <summary>The components of Signal x + Noise epsilon.</summary>
    IComponentShapes Noised(NoiseLevel level);
}
