namespace Sweep.Grains.Coordination;

/// <summary>The outcome of a submission.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Added">Trials that were new.</param>
/// <param name="Existing">Trials that were there already, whatever their state.</param>
public sealed record SubmitAnswer(string SweepId, long Added, long Existing);
