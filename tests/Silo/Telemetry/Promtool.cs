using System.Diagnostics;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>Prometheus' own judge of what it is given, from Debian's package.</summary>
internal static class Promtool
{
    /// <summary>Why there is none on this machine; null when there is.</summary>
    public static string? Missing { get; } = Find("promtool") is null || Find("prometheus") is null ? "no Prometheus here: apt-get install prometheus" : null;

    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <returns>Its exit code, and all it said where it wasn't content; when it is it talks too, of no interest.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find("promtool")!, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true,
            RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        string said = $"{await output}{await error}";
        return (process.ExitCode, process.ExitCode == 0 && input is null ? "" : said);
    }
}
