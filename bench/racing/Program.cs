using System.Diagnostics;
using System.Globalization;
using Sweep.Bench.Racing;
using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Comparison.Statistics.Racing;

// dotnet run -c Release --project bench/racing -- [--repetitions=10000] [--comparisons=24,120] [--only=peeking,errors,equivalence,runs]
//
// Simulates sweeps with known differences through the code that judges real ones, and prints Markdown tables. The same repetitions give the same numbers.
string Option(string name, string or) => args.FirstOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..] ?? or;
int repetitions = int.Parse(Option("repetitions", "10000"), CultureInfo.InvariantCulture);
int[] families = [.. Option("comparisons", "24,120").Split(',').Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
string[] only = Option("only", "peeking,errors,equivalence,runs").Split(',');
int[] looks = [5, 8, 12, 20];
long started = Stopwatch.GetTimestamp();
Console.WriteLine($"{repetitions} repetitions; looks at {string.Join(", ", looks)} seeds, shares of the level proportional to them.\n");

if (only.Contains("peeking"))
    Peeking();
if (only.Contains("errors"))
    Errors();
if (only.Contains("equivalence"))
    Equivalences();
if (only.Contains("runs"))
    Runs();
Console.WriteLine($"({Stopwatch.GetElapsedTime(started).TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture)} min)");

RacePlan Plan(Scenario scenario, LookPlan plan) => new() { Looks = plan, Comparisons = scenario.Family };

// Each repetition by itself, and so in any order.
T[] Each<T>(Func<int, T> make)
{
    T[] all = new T[repetitions];
    Parallel.For(0, repetitions, i => all[i] = make(i));
    return all;
}

Share Count<T>(T[] all, Func<T, bool> counts) => new(all.Count(counts), all.Length);

static string Number(double value, string format = "0.0") => value.ToString(format, CultureInfo.InvariantCulture);

void Row(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

void Head(params string[] cells)
{
    Row(cells);
    Row([.. cells.Select(_ => "---")]);
}

void Peeking()
{
    Console.WriteLine("### One comparison of nothing, looked at again and again\n");
    Head("seeds at the looks", "each look at 5 %", "declared looks", "undeclared: j(j + 1) p");
    foreach (int[] seeds in new[] { [5, 10], [5, 10, 15, 20, 25], new[] { 4, 6, 8, 10, 12, 14, 16, 18, 20 } })
    {
        LookPlan declared = new(seeds);
        (bool Peeked, bool Declared, bool Undeclared)[] all = Each(repetition =>
        {
            double[] x = new Scenario("") { Comparisons = 1 }.Make(repetition, seeds[^1]).Differences[0];
            double?[] p = [.. seeds.Select(n => PairedTest.Plain(x[..n]))];
            return (p.Min() < 0.05, SequentialP.Of(p, declared.Weight)!.Value.P < 0.05, SequentialP.Of(p, SequentialP.UndeclaredWeight)!.Value.P < 0.05);
        });
        Row(string.Join(", ", seeds), $"{Count(all, a => a.Peeked)}", $"{Count(all, a => a.Declared)}", $"{Count(all, a => a.Undeclared)}");
    }

    Console.WriteLine();
}

void Errors()
{
    foreach (int comparisons in families)
    {
        Console.WriteLine($"### {comparisons} comparisons with a shared baseline: sweeps with a false call\n");
        Head("differences", "5 seeds", "20 seeds", "looks at full level", "racing", "covered by the repeated interval");
        foreach (Scenario scenario in Scenarios(comparisons))
        {
            LookPlan declared = new(looks);
            (bool Few, bool Many, bool Peeked, bool Raced, int Covered)[] all = Each(repetition =>
            {
                (double[] effects, double[][] x) = scenario.Make(repetition, looks[^1]);
                Outcome raced = Outcome.Of(Plan(scenario, declared), scenario, effects, x);
                return (Outcome.Of(Plan(scenario, new LookPlan([5])), scenario, effects, x).FalseCall,
                    Outcome.Of(Plan(scenario, new LookPlan([20])), scenario, effects, x).FalseCall,
                    Outcome.Of(Plan(scenario, LookPlan.Peeking(looks)) with { Futility = false }, scenario, effects, x).FalseCall,
                    raced.FalseCall,
                    raced.Each().Count(c => c.Standing.Interval is { IsEmpty: false } i && i.Low <= c.Effect && c.Effect <= i.High));
            });
            Row($"{scenario.Name}{(scenario.IsSymmetric ? "" : " (no bound)")}", $"{Count(all, a => a.Few)}", $"{Count(all, a => a.Many)}",
                $"{Count(all, a => a.Peeked)}", $"{Count(all, a => a.Raced)}",
                $"{Number(100.0 * all.Sum(a => (double)a.Covered) / ((double)repetitions * comparisons))} %");
        }

        Console.WriteLine();
    }
}

IEnumerable<Scenario> Scenarios(int comparisons)
{
    Scenario Of(string name) => new(name) { Comparisons = comparisons };

    // Real ones among them: every other, of 3 standard deviations.
    double[] Half(PhiloxStream truth) => [.. Enumerable.Range(0, comparisons).Select(i => i % 2 == 0 ? 3.0 : 0)];
    yield return Of("normal");
    yield return Of("t, 4 degrees of freedom") with { Draw = Noise.T4 };
    yield return Of("t, 3 degrees of freedom") with { Draw = Noise.T3 };
    yield return Of("contaminated: 10 % five times as far") with { Draw = Noise.Contaminated };
    yield return Of("correlated: baseline three times as noisy") with { BaselineSpread = 3 };
    yield return Of("unequal: log-normal sds, sigma 1") with { Spread = 1 };
    yield return Of("unequal, t4") with { Spread = 1, Draw = Noise.T4 };
    yield return Of("normal, half of 3 sd") with { Effects = Half };
    yield return Of("t4, unequal, half of 3 sd") with { Effects = Half, Spread = 1, Draw = Noise.T4 };
    yield return Of("gamma, skewness 1.8") with { Draw = Noise.Gamma, BaselineSpread = 0, IsSymmetric = false };
    yield return Of("exponential, skewness 2") with { Draw = Noise.Exponential, BaselineSpread = 0, IsSymmetric = false };
    yield return Of("log-normal, skewness 6.2") with { Draw = Noise.LogNormal, BaselineSpread = 0, IsSymmetric = false };
}

void Equivalences()
{
    const double Margin = 1;
    foreach (int comparisons in families)
    {
        Console.WriteLine($"### {comparisons} comparisons whose true difference is the margin: sweeps with one called \"no difference beyond it\"\n");
        Head("differences", "a 95 % interval within the margin at some look", "its own test, racing");
        foreach (Scenario scenario in Scenarios(comparisons).Where(s => s.Effects is null))
        {
            Scenario boundary = scenario with { Effects = _ => [.. Enumerable.Repeat(Margin, comparisons)] };
            (bool Bare, bool Tested)[] all = Each(repetition =>
            {
                (double[] effects, double[][] x) = boundary.Make(repetition, looks[^1]);

                // The margin is one standard deviation of each comparison.
                double[][] scaled = [.. x.Zip(effects, (d, e) => d.Select(v => v / e).ToArray())];
                bool bare = scaled.Any(d => looks.Any(n => MeanInterval.Of(d.AsSpan(0, n)) is { Low: > -Margin, High: < Margin }));
                Outcome raced = Outcome.Of(Plan(boundary, new LookPlan(looks)) with { Margin = Margin }, boundary, effects, scaled);
                return (bare, raced.State.Comparisons.Any(s => s.Outcome == RaceOutcome.Equivalent));
            });
            Row($"{scenario.Name}{(scenario.IsSymmetric ? "" : " (no bound)")}", $"{Count(all, a => a.Bare)}", $"{Count(all, a => a.Tested)}");
        }

        Console.WriteLine();
    }

    Console.WriteLine("### 24 comparisons of nothing, margin 1.5 sd: what futility asks\n");
    Head("futility", "called \"no difference beyond the margin\"", "runs");
    Scenario nothing = new("normal") { Comparisons = 24 };
    foreach ((string name, Func<RacePlan, RacePlan> how) in new (string, Func<RacePlan, RacePlan>)[]
    {
        ("none", p => p with { Futility = false }),
        ("whether a difference can be called", p => p with { FutilityForgetsMargin = true }),
        ("whether either can be called", p => p),
    })
    {
        (int Equal, int Runs)[] all = Each(repetition =>
        {
            (double[] effects, double[][] x) = nothing.Make(repetition, looks[^1]);
            Outcome raced = Outcome.Of(how(Plan(nothing, new LookPlan(looks)) with { Margin = 1.5 }), nothing, effects, x);
            return (raced.State.Comparisons.Count(s => s.Outcome == RaceOutcome.Equivalent), raced.Runs);
        });
        Row(name, $"{Number(100 * all.Average(a => a.Equal) / 24)} %", Number(all.Average(a => a.Runs), "0"));
    }

    Console.WriteLine();
}

void Runs()
{
    Console.WriteLine("### Runs against the smallest fixed number of seeds that finds as much, to one percentage point\n");
    Head("effects", "groups", "method", "found of the real ones", "runs", "early calls: mean over truth", "fixed seeds", "their runs");
    double[] LogNormal(PhiloxStream truth)
    {
        double[] effects = new double[24];
        for (int i = 0; i < effects.Length; i++)
            effects[i] = i % 2 == 0 ? (truth.NextDouble() < 0.5 ? -1 : 1) * 3 * Math.Exp(truth.NextNormal()) : 0;
        return effects;
    }

    Scenario[] scenarios =
    [
        new("equal: 12 of 24 are 3 sd") { Comparisons = 24, Effects = _ => [.. Enumerable.Range(0, 24).Select(i => i % 2 == 0 ? 3.0 : 0)] },
        new("mixed: 12 of 24, median 3 sd (log-normal, sigma 1)") { Comparisons = 24, Baselines = 12, Effects = LogNormal },
        new("the quickstart's own") { Comparisons = 24, Baselines = 12, Effects = _ => [.. Quickstart.Effects] },
    ];
    const int Most = 40;
    foreach (Scenario scenario in scenarios)
    {
        double?[] found = new double?[Most + 1];
        double Found(int seeds) => found[seeds] ??= Power(Each(r => Run(r, Plan(scenario, new LookPlan([seeds])))));
        foreach ((string name, RacePlan plan) in new (string, RacePlan)[]
        {
            ("racing", Plan(scenario, new LookPlan(looks)) with { Futility = false }),
            ("racing with futility", Plan(scenario, new LookPlan(looks))),
        })
        {
            Raced[] all = Each(r => Run(r, plan));
            double power = Power(all);
            int seeds = Enumerable.Range(3, Most - 2).FirstOrDefault(n => Found(n) >= power - 0.01);
            Row(scenario.Name, $"{scenario.Groups}", name, $"{Number(100 * power)} %", Number(all.Average(o => o.Runs), "0"),
                Number(all.Sum(o => o.EarlyMeans) / all.Sum(o => o.EarlyTruths), "0.00"),
                seeds == 0 ? $"more than {Most}" : $"{seeds} ({Number(100 * Found(seeds))} %)", seeds == 0 ? "" : $"{seeds * scenario.Groups}");
        }

        Raced Run(int repetition, RacePlan plan)
        {
            (double[] effects, double[][] x) = scenario.Make(repetition, plan.Looks.Most);
            Outcome outcome = Outcome.Of(plan, scenario, effects, x);
            (RaceStanding Standing, double Effect)[] early =
                [.. outcome.Each().Where(c => c.Standing.Outcome == RaceOutcome.Called && c.Standing.DecidedAt < plan.Looks.Count)];
            return new Raced(outcome.Found, outcome.Real, outcome.Runs,
                early.Sum(c => Math.Abs(c.Standing.Interval!.Mean)), early.Sum(c => Math.Abs(c.Effect)));
        }
    }

    static double Power(Raced[] all) => all.Sum(o => (double)o.Found) / all.Sum(o => (double)o.Real);

    Console.WriteLine();
}
