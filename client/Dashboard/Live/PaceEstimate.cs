namespace Sweep.Client.Dashboard.Live;

/// <summary>How fast a sweep progresses.</summary>
/// <param name="Moves">Whether attempts are running, or were a moment ago.</param>
/// <param name="TrialsPerMinute">Null if unknown.</param>
/// <param name="EtaSeconds">Null if unknown.</param>
internal sealed record PaceEstimate(bool Moves, double? TrialsPerMinute, double? EtaSeconds);
