namespace Sweep.Diffusion.Networks;

/// <summary>The mean training loss over the window of steps that ends after <paramref name="Step"/> steps.</summary>
public readonly record struct LossPoint(int Step, double Loss);
