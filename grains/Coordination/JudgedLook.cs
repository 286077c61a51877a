namespace Sweep.Grains.Coordination;

/// <summary>A look of a race that was judged, once: replays read it.</summary>
/// <param name="Look">From 1.</param>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Inputs">Digest of the trials and results that were judged.</param>
/// <param name="Decisions">Where the race stands after it, as JSON.</param>
public sealed record JudgedLook(int Look, DateTimeOffset At, string Inputs, string Decisions);
