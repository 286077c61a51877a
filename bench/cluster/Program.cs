using System.Globalization;
using Sweep.Bench.Cluster;
using Sweep.Infra;

// A cluster against its targets: see bench/README.md. With `worker …` as its arguments it is one of the silo processes.
if (args is ["worker", "drain", ..])
    return await Worker.DrainAsync(args[2], args[3], int.Parse(args[4], CultureInfo.InvariantCulture), int.Parse(args[5], CultureInfo.InvariantCulture),
        args[6] == "separate");
if (args is ["worker", "silo", ..])
    return await Sleeping.WorkAsync(args[2], args[3], int.Parse(args[4], CultureInfo.InvariantCulture), int.Parse(args[5], CultureInfo.InvariantCulture),
        args[6], args[7]);
if (args is ["worker", "members", ..])
{
    return await ManyMembers.WorkAsync(
        args[2], int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture),
        int.Parse(args[5], CultureInfo.InvariantCulture), int.Parse(args[6], CultureInfo.InvariantCulture), int.Parse(args[7], CultureInfo.InvariantCulture));
}

if (args is ["worker", "dispatch", ..])
{
    return await DispatchWorker.RunAsync(
        args[2], args[3], int.Parse(args[4], CultureInfo.InvariantCulture), int.Parse(args[5], CultureInfo.InvariantCulture),
        int.Parse(args[6], CultureInfo.InvariantCulture),
        int.Parse(args[7], CultureInfo.InvariantCulture));
}

// A model from measured costs, in place of machines that nobody has: --model=10000 [--trial-us=540 --heartbeat-us=200].
var options = new BenchOptions(args);
if (options.Number("model", 0) is > 0 and var modelled)
{
    QueueModel.Print(modelled, options.Number("trial-us", 540) / 1000.0, options.Number("heartbeat-us", 200) / 1000.0);
    return 0;
}

await using ScratchPostgres server = await ScratchPostgres.StartAsync(_ => { }, _ => ServerCosts.Settings(options.Profile));
Console.WriteLine(
    $"{Environment.ProcessorCount} cores, load {Ledger.Load}, PostgreSQL {await server.ScalarAsync("SHOW server_version")} local, fsync "
    + $"{await server.ScalarAsync("SHOW fsync")}");
if (options.Profile)
    await server.ScalarAsync("CREATE EXTENSION pg_stat_statements");
var ledger = new Ledger(Path.Combine(ScratchPostgres.Root, "bench", "cluster", "last.json"));
if (options.Runs("throughput"))
    await Throughput.RunAsync(server, options, ledger);
if (options.Runs("latency"))
    await LeaseLatency.RunAsync(server, options, ledger);
if (options.Runs("slots"))
    await ManySlots.RunAsync(server, options, ledger);
if (options.Runs("sleeping"))
    await Sleeping.RunAsync(server, options, ledger);
if (options.Runs("dispatch"))
    await Dispatch.RunAsync(server, options, ledger);
if (options.Number("members", 0) > 0)
    await ManyMembers.RunAsync(options, ledger);
ledger.Print();
return 0;
