namespace Sweep.Client.Dashboard.Api;

/// <summary>A downloadable artifact.</summary>
internal sealed record FileView(string Name, long Bytes, string Url);
