using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// One stage of a fitted map. Immutable, thread-safe; points are row-major (n, d) and transformed in place.
/// </summary>
internal interface IFittedLayer
{
    int Dimensions { get; }

    void Forward(Span<double> points);

    void Inverse(Span<double> points);

    /// <summary>Adds this layer's log|det J| at each data row (n, d) to <paramref name="nats"/> (n).</summary>
    void AddLogAbsDeterminant(ReadOnlySpan<double> points, Span<double> nats);

    /// <summary>The state, with a <c>type</c>.</summary>
    JsonObject Save();
}
