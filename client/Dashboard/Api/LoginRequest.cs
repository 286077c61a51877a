namespace Sweep.Client.Dashboard.Api;

internal sealed record LoginRequest
{
    public string? Token { get; init; }
}
