using Sweep.Grains.Orleans.Attempts;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class TrialDirectoryTests
{
    private static readonly GrainId Grain = GrainId.Create("trial", "s/1/a");

    private readonly TrialDirectory _directory = new();

    [Fact]
    public async Task Register_WhenTheGrainIsThere_KeepsAndTellsIt()
    {
        GrainAddress first = Address(), second = Address();
        Assert.Null(await _directory.Lookup(Grain));
        Assert.Equal(first, await _directory.Register(first));
        Assert.Equal(first, await _directory.Register(second));
        Assert.Equal(first, await _directory.Register(second, Address()));
        Assert.Equal(second, await _directory.Register(second, first));
        Assert.Equal(second, await _directory.Lookup(Grain));
    }

    [Fact]
    public async Task Unregister_OfAnActivationThatWasFollowedByAnother_LeavesThat()
    {
        GrainAddress first = Address(), second = Address();
        await _directory.Register(first);
        await _directory.Register(second, first);
        await _directory.Unregister(first);
        Assert.Equal(second, await _directory.Lookup(Grain));
        await _directory.Unregister(second);
        Assert.Null(await _directory.Lookup(Grain));
    }

    private static GrainAddress Address() => new() { GrainId = Grain, ActivationId = ActivationId.NewId(), SiloAddress = SiloAddress.Zero };
}
