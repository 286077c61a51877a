using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>A type of layer, as it is saved and read back.</summary>
/// <param name="Type">The <c>type</c> of a saved layer; never renamed.</param>
/// <param name="Load">Restores what <see cref="IFittedLayer.Save"/> gave; throws <see cref="PreprocessingException"/> where it is something else.</param>
internal sealed record FittedLayerKind(string Type, Func<JsonObject, IFittedLayer> Load)
{
    /// <summary>All of them: a new layer is listed here.</summary>
    public static IReadOnlyList<FittedLayerKind> All { get; } = [AffineLayer.Kind, MarginalLayer.Kind];

    /// <exception cref="PreprocessingException">Not a saved layer.</exception>
    public static IFittedLayer LoadAny(JsonObject saved)
    {
        string type = saved.Text("type");
        return All.FirstOrDefault(k => string.Equals(k.Type, type, StringComparison.Ordinal)) is { } kind
            ? kind.Load(saved)
            : throw new PreprocessingException($"saved preprocessing, type: {type}; allowed: {string.Join(", ", All.Select(k => k.Type))}");
    }
}
