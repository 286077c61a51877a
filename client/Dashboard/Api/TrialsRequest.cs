namespace Sweep.Client.Dashboard.Api;

/// <summary>Trials to cancel or retry; null for all that can be.</summary>
internal sealed record TrialsRequest
{
    public string[]? Trials { get; init; }
}
