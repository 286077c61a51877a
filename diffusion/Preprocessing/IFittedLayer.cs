using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// One stage of a fitted map. A class has a static <see cref="FittedLayerKind"/> called <c>Kind</c>, listed in <see cref="FittedLayerKind.All"/>. Immutable,
/// thread-safe; points are row-major (n, d) and transformed in place.
/// </summary>
internal interface IFittedLayer
{
    int Dimensions { get; }

    /// <summary>A of an affine layer's A x + b, row-major (d, d), not to be changed; null for another.</summary>
    double[]? AffineMatrix { get; }

    void Forward(Span<double> points);

    void Inverse(Span<double> points);

    /// <summary>Adds this layer's log|det J| at each data row (n, d) to <paramref name="nats"/> (n).</summary>
    void AddLogAbsDeterminant(ReadOnlySpan<double> points, Span<double> nats);

    /// <summary>Writes <see cref="Inverse"/>; false where it is of no form that a writer takes.</summary>
    bool TryWriteInverse(ILayerWriter writer);

    /// <summary>The state, with a <c>type</c>.</summary>
    JsonObject Save();
}
