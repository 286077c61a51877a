using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Sweep.Silo.Orleans;

/// <summary>Accepts nobody, and opens no port for it.</summary>
internal sealed class NoListener(EndPoint endpoint) : IConnectionListener
{
    private readonly TaskCompletionSource<ConnectionContext?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndPoint EndPoint => endpoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await _closed.Task.WaitAsync(cancellationToken);

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _closed.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
