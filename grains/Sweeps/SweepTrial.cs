using Sweep.Grains.Trials;

namespace Sweep.Grains.Sweeps;

/// <summary>A trial as its sweep's queue knows it.</summary>
/// <param name="key">Its number in the store.</param>
/// <param name="ordinal">Its place in the spec's expansion.</param>
/// <param name="cost">Estimated, in any one unit: the longest go first.</param>
/// <param name="needs">What a silo has to offer to get it: a number of <see cref="Coordination.Abilities"/>.</param>
public sealed class SweepTrial(long key, string id, long ordinal, double cost, int needs)
{
    public long Key => key;

    public string Id => id;

    public long Ordinal => ordinal;

    public double Cost => cost;

    public int Needs => needs;

    /// <summary>Changed by its queue alone.</summary>
    public TrialState State { get; internal set; } = new();

    public bool IsFor(int offers) => (needs & offers) == needs;
}
