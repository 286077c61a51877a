using System.Globalization;
using Sweep.Bench.Tuning;

// dotnet run -c Release --project bench/tuning [SEEDS]: regret at 100 trials on functions whose minimum is known, by random points and by the tree-structured
// Parzen estimator with batches of 1, 4 and 10; bench/tuning/optuna.py is the same by Optuna. Quartiles over seeds.
const int Trials = 100;
int seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50;
Console.WriteLine("| function | method | regret at 100 trials: quartiles |\n| --- | --- | --- |");
foreach (string name in new[] { "branin", "hartmann6" })
{
    TestFunction function = TestFunction.Named(name);
    Row(name, "random", seed => function.RandomRegret(Trials, seed));
    foreach (int batch in new[] { 1, 4, 10 })
        Row(name, $"Parzen, batches of {batch}", seed => function.Regret(Trials, batch, seed));
}

void Row(string name, string method, Func<ulong, double> regret)
{
    double[] all = [.. Enumerable.Range(0, seeds).AsParallel().Select(s => regret((ulong)s)).Order()];
    string[] quartiles = [.. new[] { 0.25, 0.5, 0.75 }.Select(q => all[(int)(q * (all.Length - 1))].ToString("g3", CultureInfo.InvariantCulture))];
    Console.WriteLine($"| {name} | {method} | {string.Join(", ", quartiles)} |");
}
