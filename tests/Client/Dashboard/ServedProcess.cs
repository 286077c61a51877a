using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>A command that serves a dashboard or metrics, and a client of it. What it writes to standard error is read until it says where.</summary>
internal sealed partial class ServedProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ServedProcess(Process process, Uri link)
    {
        _process = process;
        Link = link;

        // The link leads to the only sweep's page.
        _client = new HttpClient { BaseAddress = new Uri(link.GetLeftPart(UriPartial.Path).Split("sweeps/")[0]) };
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a command and follows the link that it prints, as a browser would: cookies are kept.</summary>
    public static async Task<ServedProcess> StartAsync(string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(SweepProcess.RepositoryRoot, "sweep"), arguments)
        {
            WorkingDirectory = workingDirectory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["SWEEP_SKIP_BUILD"] = "1";
        Process process = Process.Start(start)!;
        using var late = new CancellationTokenSource(Patience);
        string before = "";
        while (await process.StandardError.ReadLineAsync(late.Token) is { } line)
        {
            before += line + "\n";
            if ((line.StartsWith("dashboard ", StringComparison.Ordinal) || line.Contains("metrics at ", StringComparison.Ordinal))
                && line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
            {
                var served = new ServedProcess(process, new Uri(line[at..].Split(' ')[0]));
                if (served.Link.Query.Length > 0)
                    (await served._client.GetAsync(served.Link, late.Token)).Dispose();
                return served;
            }
        }

        throw new InvalidOperationException($"it ended: {before}");
    }

    public Uri Url => _client.BaseAddress!;

    /// <summary>As it was printed.</summary>
    public Uri Link { get; }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    public async Task<HttpStatusCode> PostAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Headers.Add("X-Sweep-Csrf", (await GetAsync("api/session"))["csrf"]!.GetValue<string>());
        using HttpResponseMessage response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    public async Task UntilAsync(string what, Func<Task<bool>> done)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await done())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"{Patience}, and not yet: {what}");
            await Task.Delay(50);
        }
    }

    public void Interrupt() => SendSignal(_process.Id, 2);

    public async Task<SweepOutcome> EndAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(late.Token);
        return new SweepOutcome(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        _client.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
