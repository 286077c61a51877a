namespace Sweep.Client.Dashboard.Api;

/// <param name="Level">info, note, warning or error.</param>
internal sealed record LogLine(DateTimeOffset? Time, string Level, string Text);
