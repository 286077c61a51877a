namespace Sweep.Diffusion.Metrics;

/// <summary>What a report needs to know of a metric.</summary>
/// <param name="Name">snake_case, as stored and reported.</param>
/// <param name="Unit">nats, data (the data's own unit), share, steps or s.</param>
/// <param name="LargerIsBetter">Which way is better.</param>
/// <param name="Gameable">True when a sampler can beat the floor by being wrong: never to be read alone.</param>
/// <param name="Summary">One line for help and report.</param>
public sealed record MetricInfo(string Name, string Unit, bool LargerIsBetter, bool Gameable, string Summary);
