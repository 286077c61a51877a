using Microsoft.Extensions.Hosting;

namespace Sweep.Silo;

/// <summary>A host lifetime that ignores signals.</summary>
public sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
