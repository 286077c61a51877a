using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Sweep.Bench.Telemetry;

/// <summary>
/// A collector that takes whatever comes by OTLP over HTTP, and a Prometheus that scrapes each second: a process of its own, so that its work is not charged to
/// the silo's.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    public const string Argument = "--collector";

    private readonly Process _process;

    private Collector(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static async Task<Collector> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add(Argument);
        Process process = Process.Start(start)!;
        return new Collector(process, (await process.StandardOutput.ReadLineAsync())!);
    }

    public void Scrape(string url) => _process.StandardInput.WriteLine(url);

    /// <summary>How much came: requests by OTLP and their bytes, scrapes and theirs.</summary>
    public async Task<string> EndAsync()
    {
        _process.StandardInput.Close();
        return await _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The other process: until its input ends.</summary>
    public static async Task RunAsync()
    {
        using var listener = new HttpListener();
        int port = 20_000 + (Environment.ProcessId % 20_000);
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/");
        listener.Prefixes.Add(url);
        listener.Start();
        Console.WriteLine(url);
        long requests = 0, bytes = 0, scrapes = 0, scraped = 0;
        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                (requests, bytes) = (requests + 1, bytes + body.Length);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        });
        string? target = await Console.In.ReadLineAsync();
        
        // The console's own ReadLineAsync blocks.
        Task<string?> end = Task.Run(Console.In.ReadLine);
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (target is not null && !end.IsCompleted)
        {
            (scrapes, scraped) = (scrapes + 1, scraped + (await client.GetByteArrayAsync(new Uri(target))).Length);
            await Task.WhenAny(timer.WaitForNextTickAsync().AsTask(), end);
        }

        Console.WriteLine(
            $"the collector got {requests} requests of {bytes / 1024} kB together, and scraped {scrapes} times {scraped / Math.Max(1, scrapes) / 1024.0:0.0} "
            + $"kB");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
