using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Sweep.Bench.Dashboard;

/// <summary><c>./sweep serve</c>, as a process of its own.</summary>
internal sealed class ServedDashboard : IAsyncDisposable
{
    private readonly Process _process;

    private ServedDashboard(Process process, Uri url)
    {
        _process = process;
        Client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = url,
            Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Client { get; }

    public static async Task<ServedDashboard> StartAsync(string[] place)
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Sweep.sln")))
            root = Path.GetDirectoryName(root)!;
        var start = new ProcessStartInfo(Path.Combine(root, "sweep"), ["serve", "--no-token", "--listen", "0", .. place]) { UseShellExecute = false,
            RedirectStandardError = true };
        Process process = Process.Start(start)!;
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            int at = line.IndexOf("http://", StringComparison.Ordinal);
            if (at < 0)
                continue;
            _ = process.StandardError.ReadToEndAsync();
            var served = new ServedDashboard(process, new Uri(line[at..].Split(' ')[0]));

            // Neither the page nor the first request's compilation is what is measured.
            await served.MeasureAsync("api/session");
            return served;
        }

        throw new InvalidOperationException("sweep serve ended");
    }

    public async Task<(double Milliseconds, int Bytes, int Status)> MeasureAsync(string path)
    {
        long began = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("Accept-Encoding", "gzip");
        using HttpResponseMessage response = await Client.SendAsync(request);
        byte[] content = await response.Content.ReadAsByteArrayAsync();
        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, content.Length, (int)response.StatusCode);
    }

    /// <summary>The server's resident memory.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>What was left after the server's last collection.</summary>
    public async Task<double> HeapBytesAsync() => (await Client.GetStringAsync(new Uri("metrics", UriKind.Relative))).Split('\n')
        .Where(line => line.StartsWith("dotnet_gc_last_collection_heap_size_bytes{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>A page stays open: what the server's processor time and memory come to, and when the report is there.</summary>
    public async Task WatchAsync(string sweep, string id, TimeSpan span)
    {
        using HttpResponseMessage events = await Client.GetAsync(new Uri($"api/events?sweep={id}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        _ = events.Content.CopyToAsync(Stream.Null);
        _process.Refresh();
        TimeSpan before = _process.TotalProcessorTime;
        long began = Stopwatch.GetTimestamp();
        double? report = null;
        double slowest = 0;
        long most = 0;
        while (Stopwatch.GetElapsedTime(began) < span)
        {
            (_, int bytes, int status) = await MeasureAsync($"{sweep}/report?form=brief");
            if (status == 200 && report is null)
            {
                report = Stopwatch.GetElapsedTime(began).TotalSeconds;
                Console.WriteLine($"the report: after {report:0.0} s, {bytes / 1024.0:0} kB compressed");
            }

            slowest = Math.Max(slowest, (await MeasureAsync($"{sweep}/trials?take=100")).Milliseconds);
            _process.Refresh();
            most = Math.Max(most, _process.WorkingSet64);
            await Task.Delay(250);
        }

        _process.Refresh();
        double share = (_process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(began);
        Console.WriteLine(
            $"{span.TotalSeconds:0} s with a page open: {share:P0} of a core, {most >> 20} MiB at most, a page of trials in {slowest:0} ms at "
            + $"worst{(report is null ? "; no report" : "")}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
