namespace Sweep.Client.Dashboard.Live;

/// <summary>How fast a sweep moves.</summary>
/// <param name="Moves">Whether attempts run, or did a moment ago and will again.</param>
/// <param name="TrialsPerMinute">Null where that can't be said.</param>
/// <param name="EtaSeconds">Likewise.</param>
internal sealed record PaceEstimate(bool Moves, double? TrialsPerMinute, double? EtaSeconds);
