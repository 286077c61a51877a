using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// A fitted map of any kind: a sequence of affine and marginal layers, none at all for <c>none</c>.
/// </summary>
public sealed class FittedPreprocessing : IFittedPreprocessing
{
    /// <summary>Of the saved form. A reader refuses versions it does not know.</summary>
    public const int Version = 1;

    /// <summary>Rows that are taken through all layers together, to stay in the cache.</summary>
    private const int RowsPerBlock = 512;

    private readonly IFittedLayer[] _layers;

    internal FittedPreprocessing(string kind, int dimensions, IEnumerable<IFittedLayer> layers, PreprocessingDiagnostics diagnostics)
    {
        Kind = kind;
        Dimensions = dimensions;
        _layers = [.. layers];
        Diagnostics = diagnostics;
        if (_layers.Any(l => l.Dimensions != dimensions))
            throw new PreprocessingException(
                $"saved preprocessing: layers of {string.Join(", ", _layers.Select(l => l.Dimensions))} dimensions; allowed: {dimensions}");
    }

    /// <summary>The kind's name in a spec.</summary>
    public string Kind { get; }

    public int Dimensions { get; }

    public PreprocessingDiagnostics Diagnostics { get; }

    internal IReadOnlyList<IFittedLayer> Layers => _layers;

    IReadOnlyList<double[]>? IFittedPreprocessing.AffineMatrices =>
        Array.TrueForAll(_layers, l => l.AffineMatrix is not null) ? [.. _layers.Select(l => l.AffineMatrix!)] : null;

    /// <summary>Restores what <see cref="Save"/> gave, with bit-equal results.</summary>
    /// <exception cref="PreprocessingException">Not a saved preprocessing, or of a later version.</exception>
    public static FittedPreprocessing Load(JsonObject saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        int version = saved.Count("version");
        if (version != Version)
            throw new PreprocessingException($"saved preprocessing, version: {version}; allowed: {Version}");
        var diagnostics = saved["diagnostics"] as JsonObject
            ?? throw new PreprocessingException("saved preprocessing, diagnostics: nothing; allowed: an object");
        return new FittedPreprocessing(
            saved.Text("kind"), saved.Count("dimensions"), saved.Objects("layers").Select(FittedLayerKind.LoadAny), PreprocessingDiagnostics.Load(diagnostics));
    }

    public void Forward(ReadOnlySpan<double> data, Span<double> latent)
    {
        CopyTo(data, latent);
        for (int start = 0; start < data.Length; start += RowsPerBlock * Dimensions)
        {
            var block = latent.Slice(start, Math.Min(RowsPerBlock * Dimensions, data.Length - start));
            foreach (var layer in _layers)
                layer.Forward(block);
        }
    }

    public void Inverse(ReadOnlySpan<double> latent, Span<double> data)
    {
        CopyTo(latent, data);
        for (int start = 0; start < latent.Length; start += RowsPerBlock * Dimensions)
        {
            var block = data.Slice(start, Math.Min(RowsPerBlock * Dimensions, latent.Length - start));
            for (int l = _layers.Length - 1; l >= 0; l--)
                _layers[l].Inverse(block);
        }
    }

    public void LogAbsDeterminant(ReadOnlySpan<double> data, Span<double> nats)
    {
        if (nats.Length * Dimensions != data.Length)
            throw new ArgumentException($"{nats.Length} results for {data.Length} values; allowed: one per row of {Dimensions}", nameof(nats));
        nats.Clear();
        if (_layers.Length == 0)
            return;
        var points = new double[RowsPerBlock * Dimensions];
        for (int row = 0; row < nats.Length; row += RowsPerBlock)
        {
            var result = nats.Slice(row, Math.Min(RowsPerBlock, nats.Length - row));
            var block = points.AsSpan(0, result.Length * Dimensions);
            data.Slice(row * Dimensions, block.Length).CopyTo(block);
            foreach (var layer in _layers)
            {
                layer.AddLogAbsDeterminant(block, result);
                layer.Forward(block);
            }
        }
    }

    bool IFittedPreprocessing.TryWriteInverse(ILayerWriter writer) => _layers.Reverse().All(l => l.TryWriteInverse(writer));

    public JsonObject Save() => new()
    {
        ["kind"] = Kind,
        ["version"] = Version,
        ["dimensions"] = Dimensions,
        ["diagnostics"] = Diagnostics.Save(),
        ["layers"] = new JsonArray([.. _layers.Select(l => l.Save())]),
    };

    private void CopyTo(ReadOnlySpan<double> from, Span<double> to)
    {
        if (from.Length % Dimensions != 0 || to.Length != from.Length)
            throw new ArgumentException($"{from.Length} values into {to.Length}; allowed: equal numbers, whole rows of {Dimensions}", nameof(to));
        from.CopyTo(to); // same span: nothing to do
    }
}
