namespace Sweep.Diffusion.Numerics;

/// <summary>Writes dy/dt of all components at time t.</summary>
public delegate void OdeDerivative(double t, ReadOnlySpan<double> y, Span<double> derivative);
