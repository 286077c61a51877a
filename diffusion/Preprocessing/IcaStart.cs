namespace Sweep.Diffusion.Preprocessing;

/// <summary>Where FastICA ended from one of its random starts.</summary>
public sealed record IcaStart
{
    /// <summary>The layer that was fitted, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>Sum over components of (E G(u) - E G(v))^2, v standard normal: how far from normal they are.</summary>
    public required double Contrast { get; init; }

    public required int Iterations { get; init; }

    /// <summary>False when some component still turned.</summary>
    public required bool Converged { get; init; }

    /// <summary>True for a start that was left after some iterations, as another was ahead.</summary>
    public required bool Screened { get; init; }

    /// <summary>Training points that the contrast is a mean over: a start that was only screened may have seen fewer than all.</summary>
    public required int Points { get; init; }

    /// <summary>True for the start whose rotation is used.</summary>
    public required bool Kept { get; init; }
}
