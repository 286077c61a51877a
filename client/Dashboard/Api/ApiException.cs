namespace Sweep.Client.Dashboard.Api;

/// <summary>A request that can't be answered, and what to tell whoever made it.</summary>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
