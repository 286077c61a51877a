namespace Sweep.Diffusion.Datasets;

/// <summary>
/// How many points of each set a trial asks for. A synthetic dataset draws exactly these; a file gives at most as many as it has.
/// </summary>
public sealed record SplitSizes(int Training, int Validation, int Test, int Fresh);
