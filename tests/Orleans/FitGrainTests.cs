using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Preprocessing;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Fits;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;
using Sweep.Silo.Orleans;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Orleans;

public sealed class FitGrainTests(PostgresServer server, OrleansCluster cluster) : IAsyncLifetime
{
    private static readonly CoordinatorOptions Quick = new() { LeaseDuration = TimeSpan.FromSeconds(3) };
    private static readonly double[] Points = [.. Enumerable.Range(0, 400).Select(i => Math.Sin(i * 12.9898) + Math.Cos(i * i * 0.37))];

    private OrleansTestStore _stores = null!;

    public ValueTask InitializeAsync()
    {
        _stores = new OrleansTestStore(server, cluster);
        _stores.Connect(Quick);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stores is not null)
            await _stores.DisposeAsync();
    }

    [Fact]
    public async Task Get_WhenTwoSilosWantTheSame_FitsOnceAndGivesBothTheSame()
    {
        int made = 0;
        IFittedPreprocessing Make()
        {
            Interlocked.Increment(ref made);
            return Fit();
        }

        IFittedPreprocessing[] got = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => Fits(i).Get("once", Make))));
        Assert.Equal(1, made);
        double[] expected = Forward(Fit());
        Assert.All(got, f => Assert.Equal(expected, Forward(f)));
    }

    [Fact]
    public async Task Get_WhenTheMakerThrows_ThrowsThereAndAnotherMakesIt()
    {
        await Assert.ThrowsAsync<PreprocessingException>(() =>
            Task.Run(() => Fits(0).Get("broken", () => throw new PreprocessingException("a constant column"))));
        int made = 0;
        await Task.Run(() => Fits(1).Get("broken", () =>
        {
            made++;
            return Fit();
        }));
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task AskAsync_WhenTheMakerIsSilentForTooLong_HasAnotherMakeIt()
    {
        IFitGrain grain = cluster.Grains(0).GetGrain<IFitGrain>(GrainKeys.Fit(_stores.Schema, "silent"));
        Assert.True((await grain.AskAsync("dead")).Make);
        long asked = TimeProvider.System.GetTimestamp();
        Assert.True((await grain.AskAsync("next")).Make);
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked).TotalSeconds, 0.9, 10);

        // The one that was taken for dead had only been slow: any fit is the fit.
        await grain.MadeAsync([1, 2]);
        Assert.Equal([1, 2], (await grain.AskAsync("third")).Fit!);
    }

    [Fact]
    public async Task AskAsync_WhileTheMakerSpeaksUp_WaitsForIt()
    {
        IFitGrain grain = cluster.Grains(0).GetGrain<IFitGrain>(GrainKeys.Fit(_stores.Schema, "slow"));
        Assert.True((await grain.AskAsync("maker")).Make);
        Task<WireFit> waiting = grain.AskAsync("waiter");
        for (int i = 0; i < 8; i++)
        {
            await Task.Delay(250, TestContext.Current.CancellationToken);
            await grain.MakingAsync("maker");
        }

        Assert.False(waiting.IsCompleted);
        await grain.MadeAsync([7]);
        Assert.Equal([7], (await waiting).Fit!);
    }

    [Fact]
    public void Get_WhenNoClusterAnswers_MakesItHere()
    {
        var alone = new ClusterFits(() => throw new StoreException("no silo"), "nowhere", "alone", TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.Equal(Forward(Fit()), Forward(alone.Get("alone", Fit)));
    }

    private ClusterFits Fits(int silo) => new(() => cluster.Grains(silo), _stores.Schema, $"silo{silo}", FitTimeout.Of(Quick), TimeProvider.System);

    internal static IFittedPreprocessing Fit()
    {
        KindSpec kind = ClusterSpec.Trials(ClusterSpec.Spec())[24].Preprocessing;
        Assert.Equal("gaussianize", kind.Kind);
        return PreprocessingKinds.Registry.Create(kind.Kind, new ParameterValues(kind.Parameters)).Fit(new PointSet([.. Points], 2), 0, CancellationToken.None);
    }

    private static double[] Forward(IFittedPreprocessing fitted)
    {
        double[] latent = new double[Points.Length];
        fitted.Forward(Points, latent);
        return latent;
    }
}
