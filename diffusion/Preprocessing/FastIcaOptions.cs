using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>What a spec may say about FastICA.</summary>
/// <param name="Contrast">The contrast function.</param>
/// <param name="Starts">How many random rotations it starts from; the best end is kept.</param>
internal sealed record FastIcaOptions(Contrast Contrast, int Starts)
{
    private const string StartsName = "starts";

    /// <summary>Trials older than the parameter started from one rotation.</summary>
    private const int StartsBefore = 1;

    public static Parameter StartsParameter { get; } =
        Parameter.Integer(StartsName, 8, 1, 100, "random rotations that FastICA starts from; the best contrast is kept").OmittedAt(StartsBefore);

    public static FastIcaOptions Read(ParameterValues values) =>
        new(Contrasts.Read(values), values.Has(StartsName) ? values.Integer(StartsName) : StartsBefore);
}
