using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Bench.Cpu;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training;

// The CPU trainer and sampler against PyTorch eager, in turns, on one thread. See ../README.md.
const int Batch = 256;
const int Rounds = 3;
int[] widths = Option("--widths=") ?? [16, 32, 64, 128, 256];
int[] dimensions = Option("--dimensions=") ?? [2, 8];
var clock = new ThreadClock();
var path = VectorPaths.Best;

if (args.Contains("--shares"))
{
    // A child process, in which the environment took AVX-512 away.
    var shares = new JsonObject { ["path"] = path.ToString() };
    foreach (int width in widths)
        shares[width.ToString(CultureInfo.InvariantCulture)] = Train(2, width, 1.0).Share;
    Console.WriteLine(shares.ToJsonString());
    return;
}

// The sections to run; each replaces its part of last.json.
string[] sections = args.FirstOrDefault(a => a.StartsWith("--only=", StringComparison.Ordinal)) is { } only ? only["--only=".Length..].Split(',')
    : args.Contains("--check-loss") ? ["loss"] : ["table", "torch", "density", "narrow", "slots", "loss", "gaussianization"];
string here = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? "bench/cpu";
using var peer = args.Contains("--no-peer") ? null : Peer.Start(Path.Combine(here, "peer.py"));
string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
    ?? RuntimeInformation.ProcessArchitecture.ToString();
double peak = FmaPeak.Measure(path, clock);
Console.WriteLine(
    $"{processor}, {Environment.ProcessorCount} cores seen, {path}; {RuntimeInformation.FrameworkDescription}; FMA peak of one core {peak / 1e9:F0} GFLOP/s");
Console.WriteLine(peer is null ? "without peer"
    : $"peer: PyTorch {peer.Versions["torch"]}, {Path.GetFileName((string?)peer.Versions["blas"])}, one thread, best of plain and foreach Adam");
Console.WriteLine(
    $"CPU time, best of short slices, the two sides in turns ({Rounds} rounds); batch {Batch}, 3 hidden SiLU layers, 32 time features, fp32, Adam");
string output = Path.Combine(here, "last.json");
var results = File.Exists(output) ? JsonNode.Parse(File.ReadAllText(output))!.AsObject() : [];
foreach (string section in sections)
{
    Console.WriteLine();
    switch (section)
    {
        case "table":
            results["rows"] = Table();
            break;
        case "torch":
            results["torchsharp"] = Torch.Run(dimensions, widths, clock) ?? results["torchsharp"]?.DeepClone();
            break;
        case "density":
            results["log_density"] = Densities();
            break;
        case "narrow":
            if (path == VectorPath.Vector512 && WithoutAvx512() is { } narrow)
            {
                Console.WriteLine($"without AVX-512 ({narrow["path"]}), share of that width's own peak, d = 2: "
                    + string.Join(", ", widths.Select(w => $"width {w} {(double)narrow[w.ToString(CultureInfo.InvariantCulture)]!:P0}")));
                results["without_avx512_share_of_peak"] = narrow;
            }

            break;
        case "slots":
            results["two_slots"] = Slots.TwoSlots(widths);
            results["cancelling"] = Slots.Cancelling();
            break;
        case "loss":
            results["final_loss"] = LossCheck.Run(peer);
            break;
        case "gaussianization":
            results["gaussianization"] = Gaussianization.Run(Path.Combine(here, "../gaussianization/run.py"));
            break;
        default:
            Console.Error.WriteLine($"section: {section}; allowed: table, torch, density, narrow, slots, loss, gaussianization");
            return;
    }
}

results["processor"] = processor;
results["path"] = path.ToString();
results["runtime"] = RuntimeInformation.FrameworkDescription;
results["fma_peak_flops"] = Peak();
results["peer"] = peer?.Versions.DeepClone();
results["batch"] = Batch;
File.WriteAllText(output, results.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
Console.WriteLine($"\nwritten: {output}");

double Peak() => peak = Math.Max(peak, FmaPeak.Measure(path, clock));

JsonArray Table()
{
    Console.WriteLine("  d width |  steps/s  share of peak   PyTorch    ratio | sampled rows/s    PyTorch    ratio");
    var rows = new JsonArray();
    foreach (int d in dimensions)
    {
        foreach (int width in widths)
        {
            (double steps, double share, double peerSteps, double sampled, double peerSampled, string adam) = (0, 0, 0, 0, 0, string.Empty);
            var sampling = new Sampling(d, width, clock);
            for (int round = 0; round < Rounds; round++)
            {
                (double rate, double ofPeak) = Train(d, width, 0.5);
                steps = Math.Max(steps, rate);
                share = Math.Max(share, ofPeak);
                sampled = Math.Max(sampled, sampling.Measure(0.3) * Sampling.Points);
                if (peer is null)
                    continue;
                (double theirs, string which) = peer.Measure("train", d, width, 1.0);
                if (theirs > peerSteps)
                    (peerSteps, adam) = (theirs, which);
                peerSampled = Math.Max(peerSampled, peer.Measure("sample", d, width, 0.3).Rate * Sampling.Points);
            }

            Console.WriteLine(
                $"{d,3} {width,5} | {steps,8:F0} {share,14:P0} {peerSteps,9:F0} {Ratio(steps, peerSteps),8} | {sampled / 1e6,12:F2} M "
                    + $"{peerSampled / 1e6,8:F2} M {Ratio(sampled, peerSampled),8}");
            rows.Add(new JsonObject
            {
                ["dimensions"] = d,
                ["width"] = width,
                ["steps_per_second"] = steps,
                ["share_of_fma_peak"] = share,
                ["pytorch_steps_per_second"] = peer is null ? null : peerSteps,
                ["pytorch_adam"] = peer is null ? null : adam,
                ["sampled_rows_per_second"] = sampled,
                ["pytorch_sampled_rows_per_second"] = peer is null ? null : peerSampled,
            });
        }
    }

    return rows;
}

JsonArray Densities()
{
    var densities = new JsonArray();
    foreach (int d in dimensions)
    {
        double ours = 0, wide = 0;
        var theirs = new Dictionary<string, double>();
        for (int round = 0; round < Rounds; round++)
        {
            (double single, double full) = Density.Measure(d, clock, 0.3);
            (ours, wide) = (Math.Max(ours, single), Math.Max(wide, full));
            foreach ((string form, double rate) in peer?.MeasureDensity(d, 1.5) ?? [])
                theirs[form] = Math.Max(theirs.GetValueOrDefault(form), rate);
        }

        Console.WriteLine(
            $"log-density, {Density.Components} components, {Density.Points} points, d = {d}: {ours:F0}/s in fp32; {wide:F0}/s in fp64, "
            + $"{Density.ShareOfPeak(d, wide, Peak()):P0} of the FMA peak; the ratios are fp32's");
        foreach ((string form, double rate) in theirs.OrderByDescending(f => f.Value))
            Console.WriteLine($"    {form,-26} {rate,8:F0}/s {Ratio(ours, rate),8}");
        densities.Add(new JsonObject
        {
            ["dimensions"] = d,
            ["calls_per_second"] = new JsonObject { ["float32"] = ours, ["float64"] = wide },
            ["float64_share_of_fma_peak"] = Density.ShareOfPeak(d, wide, Peak()),
            ["pytorch_calls_per_second"] = peer is null ? null : new JsonObject([.. theirs.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))]),
        });
    }

    return densities;
}

(double Steps, double Share) Train(int d, int width, double seconds)
{
    // The peak around the measurement, because a shared or turbo-clocked core drifts.
    var shape = new MlpShape(d, 32, width, 3, Activation.Silu);
    double before = FmaPeak.Measure(path, clock);
    double steps = TrainingRate.Measure(shape, Batch, clock, path, TimeSpan.FromSeconds(seconds)).StepsPerSecond;
    double local = Math.Max(before, FmaPeak.Measure(path, clock));
    return (steps, 6.0 * Batch * shape.ParameterCount * steps / local);
}

int[]? Option(string name) => args.FirstOrDefault(a => a.StartsWith(name, StringComparison.Ordinal)) is { } given
    ? [.. given[name.Length..].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))]
    : null;

static string Ratio(double ours, double theirs) => theirs == 0 ? "-" : $"{ours / theirs:F1}x";

static JsonObject? WithoutAvx512()
{
    var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };
    if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
    start.ArgumentList.Add("--shares");
    start.Environment["DOTNET_EnableAVX512"] = "0";
    start.Environment["DOTNET_EnableAVX512F"] = "0";
    using var process = Process.Start(start)!;
    string? line = process.StandardOutput.ReadLine();
    process.WaitForExit();
    return line is null ? null : JsonNode.Parse(line)!.AsObject();
}
