using System.Runtime.InteropServices;
using Sweep.Diffusion.Samplers;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// A trial's reverse steps in a few launches: evaluations one after the other within each, its states back to data space, their log-densities. The starting
/// points and the sampler's tape go to the device, sums of log-densities come back, and points where they are asked for.
/// </summary>
internal sealed class PackedReverse : IDeviceReverse
{
    /// <summary>The states of a launch: at least one, and no more than the <see cref="BlockCache"/> keeps.</summary>
    private const long RecordBytes = 4 << 20;

    /// <summary>What a sampler may remember: six matrices for most, one for each step for dpm-v3.</summary>
    private const long MaxSlotBytes = 256 << 20;

    private readonly IPackedBackend _backend;
    private readonly Func<long, nuint> _allocate;
    private readonly DeviceReversal _reversal;
    private readonly SampleProgram _program;
    private readonly ForwardKernel _kernel;
    private readonly PackedMap _map;
    private readonly PackedDensity? _density;
    private readonly List<nuint> _rooms = [];
    private readonly SampleCall _call;
    private readonly nuint _points, _sums, _wide;
    private readonly int _capacity;

    /// <summary>Which matrix of the records the last state's points are; -1 until then.</summary>
    private int _last = -1;

    private PackedReverse(IPackedBackend backend, Func<long, nuint> allocate, PackedDenoiser denoiser, DeviceReversal reversal, SampleProgram program,
        PackedMap map)
    {
        (_backend, _allocate, _reversal, _program, _kernel, _map, _density) =
            (backend, allocate, reversal, program, denoiser.Kernel, map, reversal.Density as PackedDensity);
        int d = denoiser.Dimensions, rows = reversal.Initial.Length / d, evaluations = program.Steps.Length, biasStride = (_kernel.Plan.Units + 63) / 64 * 64;
        int stride = _kernel.Blocks(rows) * _kernel.Rows;
        long matrix = sizeof(double) * (long)d * stride;
        _capacity = (int)Math.Clamp(RecordBytes / (2 * matrix), 1, program.States);
        try
        {
            float[] bias = new float[evaluations * biasStride];
            for (int e = 0; e < evaluations; e++)
            {
                if (program.Steps[e].Clean == 0)
                    denoiser.FirstLayerBias(program.Tape.Evaluations[e].Level, bias.AsSpan(e * biasStride, biasStride));
            }

            double[] initial = new double[d * stride];
            for (int i = 0; i < reversal.Initial.Length; i++)
                initial[(i % d * stride) + (i / d)] = reversal.Initial[i];
            nuint slots = Take(program.Slots * matrix);
            backend.Upload(slots, MemoryMarshal.AsBytes(initial.AsSpan()));
            _call = new SampleCall
            {
                Weights = denoiser.Weights,
                FirstBias = Put(MemoryMarshal.AsBytes(bias.AsSpan())),
                Steps = Put(MemoryMarshal.AsBytes(program.Steps)),
                Terms = Put(program.Terms),
                TermWeights = Put(MemoryMarshal.AsBytes(program.TermWeights)),
                Added = Put(MemoryMarshal.AsBytes(program.Added)),
                Slots = slots,
                Records = Take(2 * _capacity * matrix),
                Scratch = _kernel.ScratchFloats > 0 ? Take(sizeof(float) * (long)_kernel.Blocks(rows) * _kernel.ScratchFloats) : 0,
                Seed = reversal.Seed,
                Rows = rows,
                Stride = stride,
                BiasStride = biasStride,
                ScratchFloats = _kernel.ScratchFloats,
                AtInput = _kernel.AtInput,
                AtPartial = _kernel.AtPartial,
                AtWeights = _kernel.AtWeights,
                Plan = _kernel.Plan,
            };
            _wide = Take(sizeof(double) * (long)rows * d);
            if (_density is not null)
            {
                _points = Take(2L * _capacity * sizeof(float) * rows * d);
                _sums = Take(2L * _capacity * sizeof(double) * PackedDensity.BlocksPerState(rows));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        nuint Take(long bytes)
        {
            nuint address = allocate(bytes);
            _rooms.Add(address);
            return address;
        }

        nuint Put(ReadOnlySpan<byte> bytes)
        {
            nuint address = Take(Math.Max(1, bytes.Length));
            backend.Upload(address, bytes);
            return address;
        }
    }

    /// <summary>Null where the device can't.</summary>
    public static PackedReverse? Create(IPackedBackend backend, Func<long, nuint> allocate, PackedDenoiser denoiser, DeviceReversal reversal)
    {
        int d = denoiser.Dimensions;
        if (reversal.Initial.Length == 0 || reversal.Initial.Length % d != 0 || reversal.Fitted.Dimensions != d)
            throw new ArgumentException(
                $"{reversal.Initial.Length} values to start with, a preprocessing of {reversal.Fitted.Dimensions} dimensions; allowed: rows of {d}, and {d}",
                nameof(reversal));
        if (SamplerTape.Record(reversal.Sampler, reversal.Grid, d) is not { } tape)
            return null;
        var program = SampleProgram.Of(tape, denoiser.Network);
        if (sizeof(double) * (long)reversal.Initial.Length * program.Slots > MaxSlotBytes)
            return null;
        return PackedMap.Create(backend, allocate, reversal.Fitted) is { } map ? new PackedReverse(backend, allocate, denoiser, reversal, program, map) : null;
    }

    /// <inheritdoc/>
    public IEnumerable<DeviceState> Run(CancellationToken cancellationToken)
    {
        int evaluations = _program.Steps.Length, from = 0, done = 0;
        while (from < evaluations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int until, int states) = Next(from);
            double[] sums = Advance(from, until, done, states);
            int state = 0;
            for (int e = from; e < until; e++)
            {
                if (_program.Steps[e].Record >= 0)
                    yield return new State(this, _program.Tape.Evaluations[e], state, Mean(sums, 2 * state), Mean(sums, (2 * state++) + 1));
            }

            (from, done) = (until, done + states);
            if (from == evaluations)
                _last = 2 * (states - 1);
        }
    }

    /// <inheritdoc/>
    public (double Cross, double Own)? DistanceSums(ReadOnlySpan<double> others)
    {
        if (_last < 0)
            throw new InvalidOperationException("distances of the last state; allowed: after it has been reached");
        if (!PackedPairs.Fits(_backend, _call.Plan.Dimensions))
            return null;

        // Where its points in double go when they are copied there is room for them in single.
        _map.Enqueue(Record(_last), _wide, wide: 0, 1, _call.Rows, _call.Stride);
        return PackedPairs.Sums(_backend, _allocate, _wide, _call.Rows, others, _call.Plan.Dimensions);
    }

    public void Dispose()
    {
        foreach (nuint room in _rooms)
            _backend.Free(room);
        _rooms.Clear();
        _map.Dispose();
    }

    /// <summary>Where the launch that begins here ends: with the last state that there is room for, or at the end.</summary>
    private (int Until, int States) Next(int from)
    {
        int until = from, states = 0;
        while (until < _program.Steps.Length && states < _capacity)
        {
            if (_program.Steps[until++].Record >= 0)
                states++;
        }

        return (until, states);
    }

    /// <summary>One launch of evaluations, and the sums of what its states' log-densities are; waits for them.</summary>
    private double[] Advance(int from, int until, int firstRecord, int states)
    {
        var call = _call with { From = from, Until = until, FirstRecord = firstRecord };
        _backend.Launch(_kernel.Sampling(call.Rows), MemoryMarshal.AsBytes(new ReadOnlySpan<SampleCall>(in call)));
        if (_density is null)
        {
            // Waits, so that progress is told when it is made.
            _backend.Download(_call.Records, MemoryMarshal.AsBytes(new double[1].AsSpan()));
            return [];
        }

        double[] sums = new double[2 * states * PackedDensity.BlocksPerState(call.Rows)];
        _map.Enqueue(_call.Records, _points, wide: 0, 2 * states, call.Rows, call.Stride);
        _density.Enqueue(_points, _sums, 2 * states, call.Rows);
        _backend.Download(_sums, MemoryMarshal.AsBytes(sums.AsSpan()));
        return sums;
    }

    /// <summary>Of one matrix of points.</summary>
    private double? Mean(double[] sums, int matrix)
    {
        if (_density is null)
            return null;
        int blocks = PackedDensity.BlocksPerState(_call.Rows);
        double sum = 0;
        foreach (double part in sums.AsSpan(matrix * blocks, blocks))
            sum += part;
        return double.IsFinite(sum) ? sum / _call.Rows : null;
    }

    private void Copy(int matrix, Span<double> points)
    {
        if (points.Length != _reversal.Initial.Length)
            throw new ArgumentException($"{points.Length} values; allowed: {_reversal.Initial.Length}, the starting points'", nameof(points));
        _map.Enqueue(Record(matrix), points: 0, _wide, 1, _call.Rows, _call.Stride);
        _backend.Download(_wide, MemoryMarshal.AsBytes(points));
    }

    private nuint Record(int matrix) => _call.Records + ((nuint)matrix * sizeof(double) * (nuint)_call.Plan.Dimensions * (nuint)_call.Stride);

    private sealed class State(PackedReverse run, TapeEvaluation evaluation, int index, double? nats, double? cleanNats) : DeviceState
    {
        public override int Step => evaluation.Step!.Value;

        public override int Evaluations => evaluation.Evaluations;

        public override double? Nats => nats;

        public override double? CleanNats => cleanNats;

        public override void CopyPoints(Span<double> points) => run.Copy(2 * index, points);

        public override void CopyClean(Span<double> points) => run.Copy((2 * index) + 1, points);
    }
}
