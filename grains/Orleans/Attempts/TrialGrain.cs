using Orleans.Placement;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// See <see cref="ITrialGrain"/>. Placed where it is first called from, which is the silo that runs it. One report at a time; progress and questions
/// pass it while it waits for the commit.
/// </summary>
[PreferLocalPlacement]
public sealed class TrialGrain(StoreHub hub, TimeProvider time) : Grain, ITrialGrain
{
    private readonly TrialLife _life = new();
    private PostgresSweeps _store = null!;
    private string _sweepId = "";
    private string _trialId = "";
    private ISweepGrain _sweep = null!;
    private long _heard;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (string storeKey, string of) = GrainKeys.Split(this.GetPrimaryKeyString());
        (_sweepId, _trialId) = GrainKeys.Split(of);
        _store = hub.Coordinator(storeKey);
        _sweep = GrainFactory.GetGrain<ISweepGrain>(GrainKeys.Sweep(storeKey, _sweepId));
        return Task.CompletedTask;
    }

    public Task ProgressAsync(WireLive live)
    {
        if (_life.Hear(live))
            _heard = time.GetTimestamp();
        return Task.CompletedTask;
    }

    public async Task<int> ReportAsync(WireReport report)
    {
        // The store is the last judge, so nothing is answered from memory: a database that crashed may have given the same token again.
        int answer = await _sweep.ReportAsync(report);
        _life.Reported(report, (ReportAnswer)answer);

        // What is left is in the store. A question that comes later finds it there.
        DeactivateOnIdle();
        return answer;
    }

    public Task EndedAsync(WireReport report)
    {
        _life.Reported(report, ReportAnswer.Accepted);
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<WireTrial> StateAsync()
    {
        bool live = _life.State == TrialStatus.Running && time.GetElapsedTime(_heard) < _store.Options.LeaseDuration;
        if (!live || !_life.KnowsPast)
            await ReadAsync();
        return _life.Show();
    }

    private async Task ReadAsync()
    {
        try
        {
            TrialDetail trial = await _store.TrialAsync(_sweepId, _trialId, CancellationToken.None)
                ?? throw new EngineException(EngineFault.Argument, $"no such trial: {_trialId}; allowed: the id of a trial of sweep {_sweepId}");
            _life.Read(trial.Summary.State, [.. trial.Attempts.OrderBy(a => a.Attempt).Select(WireAttempt.Of)]);
            if (trial.Summary is { State: TrialStatus.Running, Phase: { } phase })
            {
                _life.Hear(new WireLive
                {
                    FencingToken = trial.Summary.Attempts, Silo = trial.Summary.Silo ?? "", Phase = phase, Fraction = trial.Summary.Fraction ?? 0,
                    Answer = (int)HeartbeatAnswer.Renewed,
                });
            }
        }
        catch (ArgumentException e)
        {
            throw new EngineException(EngineFault.Argument, e.Message);
        }
        catch (StoreException e)
        {
            throw new EngineException(EngineFault.Store, e.Message);
        }
    }
}
