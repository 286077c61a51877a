using Sweep.Silo.Devices;
using Xunit;

namespace Sweep.Tests.Silo.Devices;

public sealed class DeviceKindsTests
{
    [Theory]
    [InlineData("tpu", "tpu; allowed: auto, cpu, near, near:N, far, far:N")]
    [InlineData("near:x", "near:x; allowed here: auto, cpu, near:0, near:1")]
    [InlineData("far", "far; allowed here: auto, cpu (no far devices)")]
    [InlineData("cpu,", "; allowed: auto, cpu, near, near:N, far, far:N")]
    public void Open_OfWhatIsNotThere_SaysWhatIsAllowed(string names, string expected)
    {
        Assert.Null(DeviceKinds.Open([new Kind("near", 2), new Kind("far", 0)], names, TimeProvider.System, out string? problem, CancellationToken.None));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("near", "near:0 near:1")]
    [InlineData("near:1", "near:1")]
    [InlineData("near:1, cpu,near", "near:1 cpu near:0")]
    [InlineData("auto", "near:0 near:1")]
    public void Open_OfDevices_OpensEachOnce(string names, string expected)
    {
        var devices = DeviceKinds.Open([new Kind("far", 0), new Kind("near", 2)], names, TimeProvider.System, out string? problem, CancellationToken.None);
        Assert.Null(problem);
        Assert.Equal(expected, string.Join(' ', devices!.Select(d => d.Id)));
    }

    [Fact]
    public void Open_WhenOneOfSeveralIsUnsound_ClosesTheOthersAndSaysWhy()
    {
        var kind = new Kind("near", 3) { Unsound = 2 };
        Assert.Null(DeviceKinds.Open([kind], "near", TimeProvider.System, out string? problem, CancellationToken.None));
        Assert.Equal("near:2 is unsound", problem);
        Assert.Equal((2, 2), (kind.Opened, kind.Closed));
    }

    [Fact]
    public void Open_OfAuto_PassesOverUnsoundKindsAndThoseThatMustBeAskedFor()
    {
        var unsound = new Kind("near", 1) { Unsound = 0 };
        var shy = new Kind("shy", 1) { IsAutomatic = false };
        var devices = DeviceKinds.Open([unsound, shy], "auto", TimeProvider.System, out string? problem, CancellationToken.None);
        Assert.Same(SiloDevice.Cpu, Assert.Single(devices!));
        Assert.Equal("near:0 is unsound", problem);
    }

    [Fact]
    public void All_OfThisBuild_HaveNamesApart()
    {
        Assert.Equal(DeviceKinds.All.Count, DeviceKinds.All.Select(k => k.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(DeviceKinds.All, k => Assert.Contains(k.Help, DeviceKinds.Help, StringComparison.Ordinal));
        Assert.DoesNotContain(DeviceKinds.All, k => k.Name is "cpu" or "auto" || k.Name.Contains(':', StringComparison.Ordinal));
    }

    private sealed class Kind(string name, int count) : IDeviceKind
    {
        public int? Unsound { get; init; }

        public int Opened { get; private set; }

        public int Closed { get; private set; }

        public string Name => name;

        public string Title => name;

        public string Help => $"{name}, {name}:N";

        public bool IsAutomatic { get; init; } = true;

        public IReadOnlyList<string> Find(out string? why)
        {
            why = count == 0 ? $"no {name} devices" : null;
            return [.. Enumerable.Range(0, count).Select(i => $"{name}:{i}")];
        }

        public SiloDevice? Open(string device, TimeProvider time, out string? problem, CancellationToken cancellation)
        {
            problem = device == $"{name}:{Unsound}" ? $"{device} is unsound" : null;
            if (problem is not null)
                return null;
            Opened++;
            return new SiloDevice(device, device, null, 1, new Closing(() => Closed++));
        }
    }

    private sealed class Closing(Action close) : IDisposable
    {
        public void Dispose() => close();
    }
}
