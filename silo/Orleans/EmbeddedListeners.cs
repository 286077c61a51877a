using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Sweep.Silo.Orleans;

/// <summary>What an embedded silo listens on: for other silos nothing, for clients a Unix socket if there is one.</summary>
/// <param name="socket">Its path, once it is known; null is none.</param>
internal sealed class EmbeddedListeners(Task<string?> socket) : IConnectionListenerFactory
{
    /// <summary>Names, not ports: nothing is opened there.</summary>
    public const int SiloPort = 1, ClientPort = 2;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows() || endpoint is not IPEndPoint { Port: ClientPort }
            || await socket.WaitAsync(cancellationToken).ConfigureAwait(false) is not { } path || !RunSocket.Fits(path))
        {
            return new NoListener(endpoint);
        }

        try
        {
            using RunSocket clients = new(path);
            return await clients.BindAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            // Not every file system has sockets. The run needs none: others see what the store says.
            return new NoListener(endpoint);
        }
    }

    /// <summary>Puts a service in the place of each that Orleans keeps under a key of its own.</summary>
    public static void Replace<T>(IServiceCollection services, T with)
        where T : class
    {
        foreach (ServiceDescriptor service in services.Where(s => s.ServiceType == typeof(T) && s.IsKeyedService).ToArray())
        {
            services.Remove(service);
            services.AddKeyedSingleton(service.ServiceKey, with);
        }
    }
}
