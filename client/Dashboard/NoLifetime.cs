using Microsoft.Extensions.Hosting;

namespace Sweep.Client.Dashboard;

/// <summary>A host lifetime that ignores signals.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
