namespace Sweep.Diffusion.Preprocessing;

/// <summary>Where <see cref="FastIcaFixedPoint"/> ended.</summary>
/// <param name="Rotation">W, orthogonal, row-major (d, d).</param>
/// <param name="Contrast">Of that rotation.</param>
/// <param name="Iterations">How many were made.</param>
/// <param name="Converged">False when the last iteration still turned a row.</param>
internal sealed record FastIcaEnd(double[] Rotation, double Contrast, int Iterations, bool Converged);
