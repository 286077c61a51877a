using System.Net;
using Microsoft.AspNetCore.Connections;
using Sweep.Silo.Orleans;
using Xunit;

namespace Sweep.Tests.Silo.Orleans;

/// <summary>The kernel takes paths of 107 bytes, and the socket is made at another one first.</summary>
public sealed class RunSocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task BindAsync_AtEveryPathThatFits_IsReached()
    {
        if (OperatingSystem.IsWindows())
            return;
        List<int> fits = [];
        for (int length = 80; length <= 115; length++)
        {
            string parent = Path.Combine(_folder.FullName, new string('a', length - _folder.FullName.Length - "//live.sock".Length));
            string path = Path.Combine(Directory.CreateDirectory(parent).FullName, "live.sock");
            Assert.Equal(length, path.Length);
            if (!RunSocket.Fits(path))
                continue;
            fits.Add(length);
            using RunSocket socket = new(path);
            await using IConnectionListener listener = await socket.BindAsync(TestContext.Current.CancellationToken);
            Task<ConnectionContext?> accepted = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
            await using ConnectionContext client = await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 1), TestContext.Current.CancellationToken);
            await using ConnectionContext server = (await accepted)!;
            Assert.Equal(["live.sock"], Directory.GetFileSystemEntries(parent).Select(Path.GetFileName));
        }

        Assert.Equal(Enumerable.Range(80, fits.Count), fits);
        Assert.Equal(103, fits[^1]);
    }
}
