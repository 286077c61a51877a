using System.Runtime.InteropServices;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>The host's backend, which also writes its first launch to a file for the race check (the order of Kernels/host.cpp's main).</summary>
internal sealed unsafe class CaseBackend(string path) : IPackedBackend
{
    private readonly HostBackend _host = new();
    private readonly Dictionary<nuint, long> _sizes = [];
    private bool _written;

    public string Device => _host.Device;

    public int SharedBytes => _host.SharedBytes;

    public long FreeBytes => _host.FreeBytes;

    public nuint Allocate(long bytes)
    {
        nuint address = _host.Allocate(bytes);
        _sizes[address] = bytes;
        return address;
    }

    public void Free(nuint address) => _host.Free(address);

    public void Upload(nuint target, ReadOnlySpan<byte> source) => _host.Upload(target, source);

    public void Download(nuint source, Span<byte> target) => _host.Download(source, target);

    public void Signal(nuint target, int value) => _host.Signal(target, value);

    public void Train(KernelVariant variant, nuint trials, int count, nuint stop, in KernelPlan plan)
    {
        if (!_written)
            Write(variant, *(PackedTrial*)trials, plan);
        _written = true;
        _host.Train(variant, trials, count, stop, plan);
    }

    public void Run(in KernelCall call, ReadOnlySpan<byte> argument, nuint target, ReadOnlySpan<byte> input, nuint source, Span<byte> output) =>
        _host.Run(call, argument, target, input, source, output);

    public void Launch(in KernelCall call, ReadOnlySpan<byte> argument) => _host.Launch(call, argument);

    public void Dispose() => _host.Dispose();

    private void Write(KernelVariant variant, PackedTrial trial, KernelPlan plan)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(variant.Number);
        writer.Write((int)HostOrder.Watched);
        writer.Write(plan.SharedBytes(variant));
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<KernelPlan>(ref plan)));
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<PackedTrial>(ref trial)));
        long parameters = plan.Parameters * sizeof(float);
        foreach ((nuint address, long bytes) in ((nuint, long)[])
            [
                (trial.Points, _sizes[trial.Points]), (trial.Coefficients, _sizes[trial.Coefficients]), (trial.Features, _sizes[trial.Features]),
                (trial.Rates, _sizes[trial.Rates]),
                (trial.Weights, parameters), (trial.First, parameters), (trial.Second, parameters),
                (trial.Gradient, plan.GradientFloats(variant) * sizeof(float)),
                (trial.Scratch, variant.Placement == Placement.AllGlobal ? plan.Floats * sizeof(float) : 0), (trial.Losses, trial.Windows * sizeof(double)),
            ])
        {
            writer.Write(bytes);
            writer.Write(new ReadOnlySpan<byte>((void*)address, (int)bytes));
        }
    }
}
