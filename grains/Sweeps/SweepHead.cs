namespace Sweep.Grains.Sweeps;

/// <summary>The head of a sweep's queue, as far as one silo may have it, in the order in which it would get it.</summary>
/// <param name="Sweep">The sweep's number in the store.</param>
/// <param name="Running">How many slots it has.</param>
/// <param name="Priority">See <see cref="SweepTurn"/>.</param>
public sealed record SweepHead<T>(long Sweep, int Running, double Priority, IReadOnlyList<(T Trial, double Cost, bool Suspect)> Trials);
