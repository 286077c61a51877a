namespace Sweep.Client.Dashboard.Api;

/// <summary>What is to be noted of a sweep.</summary>
internal sealed record NoteRequest
{
    public string? Text { get; init; }

    public string?[]? Tags { get; init; }
}
