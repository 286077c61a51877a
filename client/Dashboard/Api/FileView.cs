namespace Sweep.Client.Dashboard.Api;

/// <summary>An artifact that can be downloaded.</summary>
internal sealed record FileView(string Name, long Bytes, string Url);
