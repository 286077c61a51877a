namespace Sweep.Client.Dashboard.Api;

/// <summary>Trials to retry; null for all failed and cancelled ones.</summary>
internal sealed record RetryRequest
{
    public string[]? Trials { get; init; }
}
