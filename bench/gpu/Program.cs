using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Bench.Gpu;
using Sweep.Diffusion.Training.Cuda;

// The packed trainer on a GPU: checks first, then measures. See README.md; run.sh calls this and the peers.
//   gpu [--widths=16,32,64,128] [--checks=WIDTHS] [--trials=1056,4224,512] [--precision=fp32,tf32] [--seconds=2] [--tune] [--out=results.json]
//       checks (by default all widths that are measured and odd ones), then measures
//       --check: no more than the checks; --unchecked: after a run with --check; --small: a few steps of everything, no comparison, for compute-sanitizer
//   gpu --ptx=DIR: writes the kernels as text, for ptxas, and ends
//   gpu --torchsharp [--device=torch:cuda:0] [--widths=…] [--seconds=2]: the TorchSharp trainer as a peer, in a build that has it
string? Option(string name) => args.LastOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..];
int[] Numbers(string name, string otherwise) => [.. (Option(name) ?? otherwise).Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture))];

if (Option("ptx") is { } folder)
    return Compilation.Write(folder);
int[] widths = Numbers("widths", "16,32,64,128");
int[] checks = Numbers("checks", string.Join(',', widths.Concat(Correctness.OtherWidths).Distinct()));
double seconds = double.Parse(Option("seconds") ?? "2", CultureInfo.InvariantCulture);
if (args.Contains("--torchsharp"))
{
    foreach (JsonObject line in TorchPeer.Run(Option("device") ?? "torch:cuda:0", widths, seconds))
        Console.WriteLine(line.ToJsonString());
    return 0;
}

var devices = CudaDevices.Find(out string? why);
if (devices.Count == 0)
{
    Console.Error.WriteLine($"no GPU: {why}");
    return 3;
}

var device = devices[0];
using var backend = new CudaBackend(device);
Console.WriteLine(
    $"{device}, {device.Multiprocessors} multiprocessors, {device.MemoryBytes >> 30} GiB, {device.SharedBytes} bytes of shared memory per block, compute "
    + $"capability {device.Capability}");
var results = new JsonObject
{
    ["device"] = new JsonObject
    {
        ["name"] = device.Name, ["cuda_driver"] = CudaDevices.DriverVersion().ToString(), ["dotnet"] = Environment.Version.ToString(),
        ["cores"] = Environment.ProcessorCount,
        ["clock_hertz"] = device.ClockHertz, ["bytes_per_second"] = device.BytesPerSecond, ["shared_bytes"] = device.SharedBytes,
        ["multiprocessors"] = device.Multiprocessors, ["memory_bytes"] = device.MemoryBytes, ["capability"] = device.Capability.ToString(),
    },
};

if (args.Contains("--small"))
{
    Correctness.Touch(backend, widths);
    return 0;
}

results["compiled"] = Compilation.Run(backend, [.. widths.Concat(args.Contains("--unchecked") ? [] : checks).Distinct()]);
Save();
bool sound = true;
if (!args.Contains("--unchecked"))
{
    (var done, sound) = Correctness.Run(backend, checks);
    results["checks"] = done;
}

(var sampling, bool samplesSound) = Correctness.Sampling(
    backend, args.Contains("--unchecked") ? widths : [.. widths.Concat(checks).Distinct()], args.Contains("--check") ? 0 : seconds / 2);
results["sampling"] = sampling;
sound &= samplesSound;
Save();
if (!sound)
{
    Console.Error.WriteLine("the checks failed: nothing is measured");
    return 1;
}

if (args.Contains("--check"))
    return 0;
var rows = new JsonArray();
results["rows"] = rows;
TrainingPrecision[] precisions = (Option("precision") ?? "fp32,tf32").Split(',')
    .Select(p => p == "tf32" ? TrainingPrecision.Tf32 : TrainingPrecision.Fp32).ToArray();

// Should time run out, every width has been measured at the first number of trials.
foreach (int trials in Numbers("trials", "1056,4224,512"))
{
    foreach (int width in widths)
    {
        foreach (TrainingPrecision precision in precisions)
        {
            foreach (JsonObject row in Throughput.Run(backend, device, width, trials, precision, seconds, tune: args.Contains("--tune")))
            {
                rows.Add(row);
                Save();
            }
        }
    }
}

return 0;

void Save()
{
    if (Option("out") is { } path)
        File.WriteAllText(path,
            results.ToJsonString(new JsonSerializerOptions { WriteIndented = true,
            TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver() }));
}
