using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A <see cref="SamplerTape"/> as the sampling kernel takes it: what is remembered lies in slots, each free again after its last use.</summary>
internal sealed class SampleProgram
{
    private readonly SampleStep[] _steps;
    private readonly List<SampleTerm> _terms = [];
    private readonly List<double> _weights = [];
    private readonly double[] _added;

    private SampleProgram(SamplerTape tape, TrainedNetwork network)
    {
        Tape = tape;
        (int d, int count) = (tape.Dimensions, tape.Evaluations.Count);
        _steps = new SampleStep[count];
        _added = new double[count * d];
        Dictionary<(TapeSource, int), int> lastUse = LastUses(tape), slots = new() { [(TapeSource.Initial, 0)] = 0 };
        var free = new PriorityQueue<int, int>();
        Slots = 1;
        int states = 0;
        for (int e = 0; e < count; e++)
        {
            TapeEvaluation evaluation = tape.Evaluations[e];
            evaluation.Added.CopyTo(_added, e * d);
            bool clean = evaluation.Level.Noise == 0;
            var c = clean ? default : ParametrisationCoefficients.For(network.Parametrisation, evaluation.Level, network.SigmaData);
            int firstTerm = _terms.Count;
            foreach (TapeTerm term in evaluation.Terms)
            {
                bool noise = term.Source == TapeSource.Noise;
                _terms.Add(new SampleTerm { Slot = noise ? -1 : slots[(term.Source, term.Index)], NoiseStep = noise ? (uint)term.Index : 0 });
                _weights.AddRange(term.Weights);
            }

            // Points stay where they are until the answer to them is known, whether they are asked for later or not.
            slots[(TapeSource.Points, e)] = Take(free);
            bool kept = lastUse.ContainsKey((TapeSource.Clean, e));
            if (kept)
                slots[(TapeSource.Clean, e)] = Take(free);
            _steps[e] = new SampleStep
            {
                InputScale = c.InputScale,
                SkipScale = c.SkipScale,
                OutputScale = c.OutputScale,
                Clean = clean ? 1 : 0,
                FirstTerm = firstTerm,
                Terms = evaluation.Terms.Count,
                Points = slots[(TapeSource.Points, e)],
                Answer = kept ? slots[(TapeSource.Clean, e)] : -1,
                Record = evaluation.Step is null ? -1 : states++,
            };
            foreach (var (source, slot) in slots.Where(s => !(lastUse.GetValueOrDefault(s.Key, -1) > e)).ToArray())
            {
                slots.Remove(source);
                free.Enqueue(slot, slot);
            }
        }

        States = states;
    }

    public SamplerTape Tape { get; }

    /// <summary>States that it records.</summary>
    public int States { get; }

    /// <summary>Matrices that it remembers at a time; the first holds the starting points.</summary>
    public int Slots { get; private set; }

    public ReadOnlySpan<SampleStep> Steps => _steps;

    public ReadOnlySpan<byte> Terms => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_terms));

    public ReadOnlySpan<double> TermWeights => CollectionsMarshal.AsSpan(_weights);

    public ReadOnlySpan<double> Added => _added;

    public static SampleProgram Of(SamplerTape tape, TrainedNetwork network) => new(tape, network);

    private static Dictionary<(TapeSource, int), int> LastUses(SamplerTape tape)
    {
        Dictionary<(TapeSource, int), int> uses = [];
        for (int e = 0; e < tape.Evaluations.Count; e++)
        {
            foreach (TapeTerm term in tape.Evaluations[e].Terms)
                uses[(term.Source, term.Index)] = e;
        }

        return uses;
    }

    private int Take(PriorityQueue<int, int> free) => free.TryDequeue(out int slot, out _) ? slot : Slots++;
}
