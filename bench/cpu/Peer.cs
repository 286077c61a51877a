using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Sweep.Bench.Cpu;

/// <summary>peer.py as a process that answers requests one at a time, so that both sides take turns within a run.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(Process process)
    {
        _process = process;
        Versions = JsonNode.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("peer.py said nothing"))!.AsObject();
    }

    /// <summary>Of PyTorch, Python and the BLAS library it loaded.</summary>
    public JsonObject Versions { get; }

    /// <summary>Starts peer.py; null, with a line saying why, when there is no PyTorch.</summary>
    public static Peer? Start(string script)
    {
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        try
        {
            var process =
                Process.Start(new ProcessStartInfo(python, [script]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
            return new Peer(process);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"no peer: {e.Message} (Debian: apt install python3-torch libopenblas0-pthread)");
            return null;
        }
    }

    /// <summary>Calls per second.</summary>
    public (double Rate, string Detail) Measure(string kind, int dimensions, int width, double seconds)
    {
        _process.StandardInput.WriteLine(new JsonObject { ["kind"] = kind, ["dimensions"] = dimensions, ["width"] = width,
            ["seconds"] = seconds }.ToJsonString());
        var answer = JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("peer.py ended"))!;
        return (answer["rate"]!.GetValue<double>(), answer["adam"]?.GetValue<string>() ?? string.Empty);
    }

    /// <summary>Calls per second of each form of the log-density.</summary>
    public Dictionary<string, double> MeasureDensity(int dimensions, double seconds)
    {
        _process.StandardInput.WriteLine(new JsonObject { ["kind"] = "density", ["dimensions"] = dimensions, ["width"] = 0,
            ["seconds"] = seconds }.ToJsonString());
        var answer = JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("peer.py ended"))!;
        return answer["rates"]!.AsObject().ToDictionary(r => r.Key, r => r.Value!.GetValue<double>());
    }

    /// <summary>The mean loss of the last steps of a whole training.</summary>
    public double FinalLoss(float[] data, int dimensions, int width, int steps, int lastSteps, double learningRate, int warmupSteps, int seed)
    {
        _process.StandardInput.WriteLine(new JsonObject
        {
            ["kind"] = "loss",
            ["data"] = Convert.ToBase64String(MemoryMarshal.AsBytes(data.AsSpan())),
            ["dimensions"] = dimensions,
            ["width"] = width,
            ["steps"] = steps,
            ["last_steps"] = lastSteps,
            ["learning_rate"] = learningRate,
            ["warmup_steps"] = warmupSteps,
            ["seed"] = seed,
        }.ToJsonString());
        return JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("peer.py ended"))!["loss"]!.GetValue<double>();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
