using System.Net.Sockets;
using System.Text;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>Requests as they are written: a client would tidy the path before it sends it.</summary>
internal static class RawRequest
{
    public static async Task<string> GetAsync(TestDashboard dashboard, string path)
    {
        var url = new Uri(dashboard.Server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
