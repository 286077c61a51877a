namespace Sweep.Diffusion.Networks;

/// <summary>The kinds of networks that are trained. Their names are part of specs and stored networks.</summary>
public static class NetworkKinds
{
    public const string Mlp = "mlp";
    public const string Residual = "residual";
    public const string UNet = "unet";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Mlp, Residual, UNet];

    public static bool Has(string kind) => Names.Contains(kind, StringComparer.Ordinal);

    /// <summary>The shape of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, or a value is outside its range.</exception>
    public static NetworkShape Create(string kind, int dimensions, int timeFeatures, int width, int hiddenLayers, Activation activation) => kind switch
    {
        Mlp => new MlpShape(dimensions, timeFeatures, width, hiddenLayers, activation),
        Residual => new ResidualShape(dimensions, timeFeatures, width, hiddenLayers, activation),
        UNet => new UNetShape(dimensions, timeFeatures, width, hiddenLayers, activation),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), $"network: {kind}; allowed: {string.Join(", ", Names)}"),
    };
}
