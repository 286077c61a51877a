namespace Sweep.Diffusion.Preprocessing;

/// <summary>What a preprocessing's training points must be like; without it the fit fails with a <see cref="PreprocessingException"/>.</summary>
[Flags]
public enum FitNeeds
{
    None = 0,

    /// <summary>No column is constant.</summary>
    VaryingColumns = 1,

    /// <summary>There are more points than columns, and no column follows linearly from others.</summary>
    IndependentColumns = 2,
}
