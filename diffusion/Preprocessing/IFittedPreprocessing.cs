using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// A fitted, invertible, differentiable map from data space to latent space, defined on all of R^d in both directions:
/// Inverse(Forward(x)) = x to 1e-9 relative. Immutable and thread-safe. Points are row-major (n, d); input and output spans may be the same span.
/// </summary>
public interface IFittedPreprocessing
{
    int Dimensions { get; }

    /// <summary>What the fit has to say about itself.</summary>
    PreprocessingDiagnostics Diagnostics { get; }

    /// <summary>
    /// Where every layer is affine, their matrices (row-major, not to be changed) from the first to the last, none for the identity; else null.
    /// </summary>
    internal IReadOnlyList<double[]>? AffineMatrices { get; }

    /// <summary>Data to latent.</summary>
    void Forward(ReadOnlySpan<double> data, Span<double> latent);

    /// <summary>Latent to data.</summary>
    void Inverse(ReadOnlySpan<double> latent, Span<double> data);

    /// <summary>Writes the layers of <see cref="Inverse"/>, in the order in which it takes them; false where one is of no form that a writer takes.</summary>
    internal bool TryWriteInverse(ILayerWriter writer);

    /// <summary>Writes log|det dForward/dx| at each data row (n, d) into <paramref name="nats"/> (n).</summary>
    void LogAbsDeterminant(ReadOnlySpan<double> data, Span<double> nats);

    /// <summary>
    /// The complete fitted state as JSON (<c>preprocessing.json</c>), with a <c>kind</c> and a <c>version</c>;
    /// <c>FittedPreprocessing.Load</c> gives back a map with bit-equal results.
    /// </summary>
    JsonObject Save();
}
