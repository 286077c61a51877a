using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Sweep.Tests.Client;

/// <summary>Runs the installed command, <c>./sweep</c>, as a user would; it was built by <c>./test</c>.</summary>
internal sealed partial class SweepProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly StringBuilder _outputSoFar = new();
    private readonly StringBuilder _errorSoFar = new();
    private readonly string _what;

    private SweepProcess(string workingDirectory, IEnumerable<(string Name, string Value)> variables, string[] arguments, string[]? under = null)
    {
        _what = $"sweep {string.Join(' ', arguments)}";
        string[] command = [.. under ?? [], Path.Combine(RepositoryRoot, "sweep"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // ./test has just built it; a check here would only race with other tests.
        start.Environment["SWEEP_SKIP_BUILD"] = "1";
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{_what} did not start");
        _output = ReadAsync(_process.StandardOutput, _outputSoFar);
        _error = ReadAsync(_process.StandardError, _errorSoFar);
    }

    /// <summary>What it has written to standard output until now.</summary>
    public string OutputSoFar => Text(_outputSoFar);

    /// <summary>What it has written to standard error until now.</summary>
    public string ErrorSoFar => Text(_errorSoFar);

    public static string RepositoryRoot { get; } = FindRoot();

    public static SweepProcess Start(string workingDirectory, params string[] arguments) => new(workingDirectory, [], arguments);

    /// <summary>The same started by another command, which becomes it (exec).</summary>
    public static SweepProcess StartUnder(string[] command, string workingDirectory, params string[] arguments) =>
        new(workingDirectory, [], arguments, command);

    public static async Task<SweepOutcome> RunAsync(string workingDirectory, params string[] arguments)
    {
        using SweepProcess process = Start(workingDirectory, arguments);
        return await process.EndAsync();
    }

    /// <summary>The same with a variable in its environment.</summary>
    public static Task<SweepOutcome> RunAsync(string workingDirectory, (string Name, string Value) variable, params string[] arguments) =>
        RunAsync(workingDirectory, [variable], arguments);

    /// <summary>The same with several.</summary>
    public static async Task<SweepOutcome> RunAsync(string workingDirectory, (string Name, string Value)[] variables, params string[] arguments)
    {
        using var process = new SweepProcess(workingDirectory, variables, arguments);
        return await process.EndAsync();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Waits for its end, but not longer.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    public int Id => _process.Id;

    /// <summary>kill -9: no handler runs.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => SendSignal(_process.Id, 2);

    /// <summary>What a service manager sends.</summary>
    public void Terminate() => SendSignal(_process.Id, 15);

    /// <summary>Stands still, as on a machine that is suspended: SIGSTOP.</summary>
    public void Freeze() => SendSignal(_process.Id, 19);

    /// <summary>Goes on and knows nothing of it: SIGCONT.</summary>
    public void Thaw() => SendSignal(_process.Id, 18);

    public async Task<SweepOutcome> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            Kill();
            throw new TimeoutException($"{_what} took longer than {Limit.TotalMinutes} minutes; it wrote: {await _error}", e);
        }

        return new SweepOutcome(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        // Of a test that failed half-way.
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static async Task<string> ReadAsync(StreamReader from, StringBuilder to)
    {
        char[] buffer = new char[1024];
        while (await from.ReadAsync(buffer) is var read and > 0)
        {
            lock (to)
                to.Append(buffer, 0, read);
        }

        return Text(to);
    }

    private static string Text(StringBuilder written)
    {
        lock (written)
            return written.ToString();
    }

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Sweep.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException($"no Sweep.sln above {AppContext.BaseDirectory}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
