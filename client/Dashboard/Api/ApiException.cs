namespace Sweep.Client.Dashboard.Api;

/// <summary>A request that can't be fulfilled, with the status and message to return.</summary>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
