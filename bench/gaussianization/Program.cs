using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Preprocessing;

// Usage: Gaussianization POINTS.f64 DIMENSIONS. Reads row-major little-endian doubles and prints one JSON object of seconds and
// nanoseconds; run.py writes the points, times the Python peers on them and prints the ratios.
byte[] bytes = File.ReadAllBytes(args[0]);
int dimensions = int.Parse(args[1], CultureInfo.InvariantCulture);
var values = new double[bytes.Length / sizeof(double)];
for (int i = 0; i < values.Length; i++)
    values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)));
var training = new PointSet(values, dimensions);

var result = new JsonObject();
var times = new List<double>();
foreach (string kind in new[] { "gaussianize", "ica", "marginal" })
{
    PreprocessingKinds.Registry.TryGet(kind, out var found);
    var preprocessing = found!.Create(new ParameterValues(new JsonObject(
        found.Parameters.Select(p => KeyValuePair.Create(p.Name, p.DefaultValue?.DeepClone())))));
    times.Clear();
    IFittedPreprocessing? fitted = null;
    for (int run = 0; run < 60; run++)
    {
        long start = Stopwatch.GetTimestamp();
        fitted = preprocessing.Fit(training, 1, CancellationToken.None);
        times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    // The first fit pays for compilation; the median is of the later half, when the code is compiled with optimisation.
    result[$"{kind}_first_fit_seconds"] = times[0];
    times.RemoveRange(0, times.Count / 2);
    result[$"{kind}_fit_seconds"] = times.Order().ElementAt(times.Count / 2);
    var latent = new double[4096 * dimensions];
    fitted!.Forward(values.AsSpan(0, latent.Length), latent);
    var data = new double[latent.Length];
    foreach (var (name, map) in new (string, Action)[]
    {
        ("forward", () => fitted.Forward(data, latent)),
        ("inverse", () => fitted.Inverse(latent, data)),
    })
    {
        fitted.Inverse(latent, data);
        times.Clear();
        for (int run = 0; run < 300; run++)
        {
            long start = Stopwatch.GetTimestamp();
            map();
            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / latent.Length);
        }

        result[$"{kind}_{name}_nanoseconds"] = times.Order().ElementAt(times.Count / 2);
    }
}

Console.WriteLine(result.ToJsonString());
