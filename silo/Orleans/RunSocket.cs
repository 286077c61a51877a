using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Sweep.Silo.Orleans;

/// <summary>
/// Where an embedded run's silo takes clients: a Unix socket in the run's folder that only its owner may use, who may change the store beside it as well.
/// </summary>
/// <param name="path">The socket.</param>
internal sealed class RunSocket(string path) : IConnectionFactory, IDisposable
{
    /// <summary>The kernel takes no longer one, with the zero at its end.</summary>
    private const int MaxPathBytes = 107;

    private readonly SocketConnectionContextFactory _contexts = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    /// <summary>Whether a socket can have this path, and the one at which it is made.</summary>
    public static bool Fits(string path) =>
        Math.Max(Encoding.UTF8.GetByteCount(path), Encoding.UTF8.GetByteCount(MadeAt(path, int.MaxValue))) <= MaxPathBytes;

    /// <summary>Listens at the socket. One that a killed process has left is replaced.</summary>
    [UnsupportedOSPlatform("windows")]
    public async ValueTask<IConnectionListener> BindAsync(CancellationToken cancellationToken)
    {
        // Nobody else may come to it before its mode is set.
        string socket = MadeAt(path, Environment.ProcessId);
        string own = Path.GetDirectoryName(socket)!;
        Directory.CreateDirectory(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            File.Delete(socket);
            IConnectionListener listener = await new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance)
                .BindAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(socket, path, overwrite: true);
            return listener;
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    private static string MadeAt(string path, int process) =>
        Path.Combine(Path.GetDirectoryName(path)!, string.Create(CultureInfo.InvariantCulture, $".{process}"), "s");

    public void Dispose() => _contexts.Dispose();

    /// <summary>Connects to the socket, whatever the endpoint.</summary>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return _contexts.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
