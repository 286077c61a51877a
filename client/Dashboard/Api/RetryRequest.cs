namespace Sweep.Client.Dashboard.Api;

/// <summary>Which trials to try again; null for all that failed or were cancelled.</summary>
internal sealed record RetryRequest
{
    public string[]? Trials { get; init; }
}
