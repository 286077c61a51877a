using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sweep.Bench.Cpu;

/// <summary>bench/gaussianization's figures: its own program, because its peers are scikit-learn and SciPy.</summary>
internal static class Gaussianization
{
    /// <summary>Runs run.py and prints its table; null, with a line saying why, where that can't be.</summary>
    public static JsonObject? Run(string script)
    {
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        string results = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, [script, "--json", results]) { UseShellExecute = false })!;
            process.WaitForExit();
            if (process.ExitCode == 0)
                return JsonNode.Parse(File.ReadAllText(results))!.AsObject();
            Console.WriteLine($"no Gaussianization: run.py ended with {process.ExitCode} (Debian: apt install python3-sklearn python3-scipy)");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.WriteLine($"no Gaussianization: {e.Message}");
        }
        finally
        {
            File.Delete(results);
        }

        return null;
    }
}
