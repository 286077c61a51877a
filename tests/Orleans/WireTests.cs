using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Wire;
using Xunit;

namespace Sweep.Tests.Orleans;

/// <summary>
/// What silos of different versions say to each other. <c>Data/wire-v1.json</c> holds, by name, the bytes that the first version wrote: they are never
/// written again, and every later version reads them. A field that is added has a new id; none is renumbered, renamed or given another type.
/// </summary>
public sealed class WireTests
{
    private static readonly Lazy<Serializer> Wire = new(() => new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    private static readonly Dictionary<string, object> Known = new(StringComparer.Ordinal)
    {
        ["lease-request"] = new WireLeaseRequest { Silo = "node7/4711/ab12cd", MaxTrials = 3, SweepId = "s1", Artifacts = "node7:/scratch" },
        ["lease-request with facts"] = new WireLeaseRequest
        {
            Silo = "node7/4711/ab12cd", MaxTrials = 3, SweepId = "s1", Artifacts = "node7:/scratch", Devices = "cuda:0 (NVIDIA H200)", Slots = 4, Offers = 1,
        },
        ["lease"] = new WireLease
        {
            SweepId = "s1", Spec = "{\"id\":\"t1\"}", Attempt = 2, FencingToken = 2, Holder = 5_000_000_000, Expires = 1_780_000_000_123, TrialId = "t1",
        },
        ["progress"] = new WireProgress { TrialId = "t1", FencingToken = 2, Phase = "train", Fraction = 0.25, Loss = 0.125 },
        ["progress without loss"] = new WireProgress { TrialId = "t1", FencingToken = 2, Phase = "fit", Fraction = 0 },
        ["report"] = new WireReport
        {
            TrialId = "t1", FencingToken = 2, Holder = 7, Outcome = 1, Result = new WireResult
            {
                Metrics = [new WireMetric { Name = "log_likelihood", Value = -1.5, TruthLevel = -1.25 },
                    new WireMetric { Name = "steps_to_threshold", Reason = "never" }],
                Curves = [new WireCurve { Name = "log_likelihood", Points = [0, 0, 192, 127, 0, 0, 128, 191] }],
                Device = "cpu",
                Notes = ["FastICA did not converge", "<é漢>"],
            },
        },
        ["failure"] = new WireReport { TrialId = "t1", FencingToken = 2, Holder = 7, Outcome = 2, Message = "loss is NaN at step 12" },
        ["take"] = new WireTake { Silo = 7, MaxTrials = 3, FailedSince = long.MaxValue, Trials = ["t1", "t2"] },
        ["take with offers"] = new WireTake { Silo = 7, MaxTrials = 3, FailedSince = 5, HoldsSuspect = true, Offers = 1 },
        ["reported"] = new WireReported { Answers = [0, 1],
            Leases = [new WireLease { SweepId = "s1", Spec = "{}", Attempt = 1, FencingToken = 1, Holder = 7, Expires = 9, TrialId = "t1" }] },
        ["head"] = new WireHead { HoldsSuspect = true,
            Candidates = [new WireCandidate { TrialId = "t1", Cost = 2.5, Sweep = 1, Ordinal = 9, Suspect = true }] },
        ["attempt"] = Attempt,
        ["attempt that runs"] = new WireAttempt { Attempt = 1, Silo = "node7" },
        ["live"] = new WireLive { FencingToken = 2, Silo = "node7", Phase = "train", Fraction = 0.25, Loss = 0.125,
            Curves = new WireCurves { From = 3, Steps = [80, 100], Losses = [0.5f, 0.25f] } },
        ["heartbeat"] = new WireLive { FencingToken = 2, Silo = "node7", Phase = "fit", Fraction = 0, Answer = 1 },
        ["trial"] = new WireTrial { State = 1, Attempts = [Attempt], Phase = "train", Fraction = 0.25, Loss = 0.125, Steps = [20], Losses = [0.75f] },
        ["live with scores"] = new WireLive { FencingToken = 2, Silo = "node7", Phase = "sample", Fraction = 0.75,
            Curves = new WireCurves { ScoresFrom = 4, Scores = [-2.5f, -2.25f] } },
        ["seen"] = new WireSeen { Attempt = 2, Points = 3, Scores = 4 },
        ["news"] = new WireNews { State = 1, Attempt = 2, Silo = "node7", Phase = "train", Fraction = 0.25, Loss = 0.125,
            Curves = new WireCurves { From = 3, Steps = [80], Losses = [0.5f], ScoresFrom = 4, Scores = [-2.5f] } },
        ["last news"] = new WireNews { State = 2, Attempt = 2, IsLast = true },
        ["queued trial"] = new WireTrial { State = 0, Attempts = [] },
        ["fit"] = new WireFit { Fit = "{}"u8.ToArray() },
        ["order to fit"] = new WireFit { Make = true },
        ["finished"] = new WireFinished { Ordinal = 7, Result = new WireResult { Metrics = [], Curves = [], Device = "cpu", Notes = [] } },
        ["compare"] = new WireCompare { Metric = "log_likelihood", Averaged = true, MaxComparisons = 20 },
        ["comparisons"] = new WireComparisons
        {
            Completed = 9, Read = 2, Test = "paired t-test over seeds", Adjusted = 4, Comparisons =
            [
                new WireComparison
                {
                    Axis = "preprocessing", A = "standardize", B = "gaussianize", Metric = "log_likelihood", Where = "{\"dataset\":\"ring8\"}",
                    AveragedOver = ["width"], Seeds = 3,
                    Mean = 0.5, Low = 0.25, High = 0.75, PValue = 0.01, PAdjusted = 0.04, Verdict = "b", Better = "b", Reason = "one seed",
                },
            ],
        },
        ["group"] = new WireGroup
        {
            Axes = "{\"width\":8}", Seeds = 2, Headline = new WireMoments { Count = 2, Mean = -1.5, Variance = 0.25, Low = -6, High = 3 },
            Difference = new WireMoments { Count = 0 }, LogLikelihood = [-5, -1.5],
        },
        ["file piece"] = new WireFilePiece { Bytes = [1, 2, 3], Length = 9 },
        ["store fault"] = new EngineException(EngineFault.Store, "the store can't be reached"),
        ["argument fault"] = new EngineException(EngineFault.Argument, "no such sweep: s2"),
    };

    private static WireAttempt Attempt =>
        new() { Attempt = 2, Silo = "node7", Outcome = 3, Started = 1_780_000_000_123, Ended = 1_780_000_030_123, Message = "the lease expired" };

    public static TheoryData<string> Names => [.. Known.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_WhatTheFirstVersionWrote_GivesTheSame(string name)
    {
        JsonNode samples = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Orleans", "Data", "wire-v1.json")))!;
        byte[] bytes = Convert.FromBase64String(samples[name]?.GetValue<string>() ?? Convert.ToBase64String(Write(name)));
        object? read = Wire.Value.Deserialize<object>(bytes);
        Assert.True(samples[name] is not null, $"wire-v1.json lacks \"{name}\": \"{Convert.ToBase64String(bytes)}\"");
        AssertSame(Known[name], read);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_WhatThisVersionWrites_GivesTheSame(string name) => AssertSame(Known[name], Wire.Value.Deserialize<object>(Write(name)));

    private static byte[] Write(string name) => Wire.Value.SerializeToArray(Known[name]);

    private static void AssertSame(object expected, object? actual)
    {
        Assert.IsType(expected.GetType(), actual);
        if (expected is EngineException fault)
            Assert.Equal((fault.Fault, fault.Message), (((EngineException)actual!).Fault, ((EngineException)actual!).Message));
        else
            Assert.Equal(JsonSerializer.Serialize(expected, expected.GetType()), JsonSerializer.Serialize(actual, expected.GetType()));
    }
}
