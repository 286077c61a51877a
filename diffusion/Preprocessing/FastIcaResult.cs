namespace Sweep.Diffusion.Preprocessing;

/// <summary>What FastICA found.</summary>
/// <param name="Rotation">W, orthogonal, row-major (d, d): a row per component, to be applied to whitened points. When not converged, the iterate that turned least.</param>
/// <param name="Iterations">How many were made.</param>
/// <param name="Converged">False when the last allowed iteration still turned a row.</param>
internal sealed record FastIcaResult(double[] Rotation, int Iterations, bool Converged);
