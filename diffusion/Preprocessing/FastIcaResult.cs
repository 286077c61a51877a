namespace Sweep.Diffusion.Preprocessing;

/// <summary>What FastICA found.</summary>
/// <param name="Rotation">W, orthogonal, row-major (d, d): a row per component, to be applied to whitened points.</param>
/// <param name="Starts">Where each start ended; one of them is kept.</param>
internal sealed record FastIcaResult(double[] Rotation, IReadOnlyList<IcaStart> Starts)
{
    /// <summary>The start whose rotation this is.</summary>
    public IcaStart Kept => Starts.First(s => s.Kept);
}
