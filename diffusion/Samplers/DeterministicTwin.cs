namespace Sweep.Diffusion.Samplers;

/// <summary>What stands for a stochastic sampler where paths are compared one by one, which added noise would drown.</summary>
/// <param name="Sampler">The deterministic sampler of its kind.</param>
/// <param name="Name">What people call it: <c>ddim with eta 0</c>.</param>
public sealed record DeterministicTwin(ISampler Sampler, string Name);
