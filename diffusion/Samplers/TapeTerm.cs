namespace Sweep.Diffusion.Samplers;

/// <summary>A part of an affine combination.</summary>
/// <param name="Source">What it is a part of.</param>
/// <param name="Index">Which evaluation's; which step's for noise; 0 for the starting points.</param>
/// <param name="Weights">A weight for each coordinate, (d).</param>
public sealed record TapeTerm(TapeSource Source, int Index, double[] Weights);
