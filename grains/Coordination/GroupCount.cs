namespace Sweep.Grains.Coordination;

/// <summary>How many trials of a group are in a state.</summary>
/// <param name="Group">From 0, in spec order.</param>
public sealed record GroupCount(int Group, TrialStatus State, int Count);
