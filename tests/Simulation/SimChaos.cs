using Microsoft.Data.Sqlite;

namespace Sweep.Tests.Simulation;

/// <summary>What befalls processes and machines, every few seconds while faults are on.</summary>
internal sealed class SimChaos(SimWorld world)
{
    private readonly SimProcess _process = world.NewProcess("chaos");

    public void Start() => _process.Do(RageAsync);

    /// <summary>All is well again: nobody is frozen or cut off.</summary>
    public void End()
    {
        world.Faults.On = false;
        world.Scheduler.Slowness = 0;
        foreach (SimSilo silo in world.Silos)
        {
            silo.Process.IsCutOff = false;
            silo.Process.Thaw();
        }

        world.Network.Unify();
        _process.Say("ends");
    }

    private async Task RageAsync()
    {
        SimFaults faults = world.Faults;
        while (faults.On)
        {
            await _process.Delay(world.Random.Span(1, 15));
            if (world.Silos.Count > 0 && faults.Strikes(faults.Kill))
                world.Kill(world.Random.Pick(world.Silos), "chance");
            if (world.Silos.Count > 0 && faults.Strikes(faults.Freeze))
                Freeze(world.Random.Pick(world.Silos));
            if (world.Silos.Count > 0 && faults.Strikes(faults.CutOff))
                CutOff(world.Random.Pick(world.Silos));
            if (world.Silos.Count > 0 && faults.Strikes(faults.Drain))
                Drain(world.Random.Pick(world.Silos));
            if (faults.Strikes(faults.ClockJump))
                Jump();
            if (faults.Strikes(faults.Damage))
                Damage();
            if (faults.Strikes(faults.Restore * 2))
                world.Database.BackUp();
            if (faults.Strikes(faults.Restore))
                Restore();
        }
    }

    private void Freeze(SimSilo silo)
    {
        silo.Process.Say("freezes");
        silo.Process.Freeze();
        _process.After(world.Random.Span(1, 90), () =>
        {
            silo.Process.Say("thaws");
            silo.Process.Thaw();
        });
        if (world.Random.Next(2) == 0)
            DeclareLater(silo);
    }

    private void CutOff(SimSilo silo)
    {
        silo.Process.Say("is cut off");
        silo.Process.IsCutOff = true;
        _process.After(world.Random.Span(1, 90), () =>
        {
            silo.Process.Say("is reached again");
            silo.Process.IsCutOff = false;
        });
        if (world.Random.Next(2) == 0)
            DeclareLater(silo);
    }

    /// <summary>The membership takes a living silo for dead; it joins again.</summary>
    private void DeclareLater(SimSilo silo) => _process.After(world.Random.Span(5, 30), () =>
    {
        if (!silo.Process.IsAlive || !(silo.Process.IsFrozen || silo.Process.IsCutOff))
            return;
        world.Network.Declare(silo);
        _process.After(world.Random.Span(5, 60), () =>
        {
            if (silo.Process.IsAlive)
                world.Network.Join(silo);
        });
    });

    private static void Drain(SimSilo silo)
    {
        silo.Process.Say("drains");
        silo.Drain();
    }

    private void Jump()
    {
        TimeSpan by = world.Random.Span(-60, 60);
        SimProcess whose = world.Random.Next(2) == 0 || world.Silos.Count == 0 ? world.Database.Process : world.Random.Pick(world.Silos).Process;
        whose.Skew += by;
        whose.Say($"clock jumps by {by.TotalSeconds:0.0} s");
    }

    private void Damage()
    {
        SimHistory.Trial[] trials = [.. world.Database.History.Trials];
        if (trials.Length == 0)
            return;
        SimHistory.Trial trial = world.Random.Pick(trials);
        world.Database.Process.Say($"damages the spec of {trial.Id}");
        world.Database.Ask(connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE trials SET spec = substr(spec, 2) WHERE sweep = $sweep AND id = $id";
            command.Parameters.AddWithValue("$sweep", trial.Sweep);
            command.Parameters.AddWithValue("$id", trial.Id);
            return command.ExecuteNonQuery();
        });
    }

    private void Restore()
    {
        if (!world.Database.Restore())
            return;
        foreach (SimSilo silo in world.Silos.ToArray())
            world.Kill(silo, "the store is put back");
    }
}
