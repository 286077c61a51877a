using FsCheck;
using FsCheck.Fluent;
using Sweep.Tests.Grains.Coordination.Model;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public abstract partial class WorkConformance
{
    [Fact]
    public void Coordinator_WhateverSilosAndOperatorsDo_AgreesWithTheModel() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(ModelRuns),
        Prop.ForAll(Steps.Arbitrary(), steps => Task.Run(async () =>
        {
            await using TestStore store = NewStore();
            await new ModelRun(store).PlayAsync(steps);
        }).GetAwaiter().GetResult()));
}
