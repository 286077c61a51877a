using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Sweep.Client.Cluster;
using Sweep.Client.Dashboard;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Silo.Devices;

namespace Sweep.Client.Commands;

/// <summary><c>sweep run SPEC</c>: launch, work and report in one process; resumes a run in the same folder.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> spec = CommonOptions.Spec();
        Option<string?> outOption = CommonOptions.Out();
        Option<int?> slots = CommonOptions.Slots();
        Option<string> device = CommonOptions.Device();
        Option<bool> expect = CommonOptions.Expect();
        Option<string?> metrics = CommonOptions.Metrics();
        var serve = new Option<string?>("--serve")
        {
            Description = $"serve the dashboard while it runs (default: 127.0.0.1:{DashboardOptions.DefaultPort}); see sweep serve",
            HelpName = "[ADDRESS:]PORT", Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> noToken = CommonOptions.NoToken();
        Option<string?> notify = CommonOptions.Notify();
        var command = new Command("run", "run a sweep on this machine and write its report; run again to resume")
        {
            spec, outOption, slots, device, expect, metrics, serve, noToken, notify,
        };
        command.SetAction((parsed, _) => RunAsync(
            context, parsed.GetValue(spec)!, parsed.GetValue(outOption), parsed.GetValue(slots), parsed.GetValue(device)!, parsed.GetValue(expect),
            parsed.GetValue(metrics),
            Serve(context, parsed.GetResult(serve), parsed.GetValue(serve), parsed.GetValue(noToken)),
            Webhook.Read(parsed.GetValue(notify))));
        return command;
    }

    /// <summary>Null if no dashboard is requested.</summary>
    private static DashboardOptions? Serve(CommandContext context, OptionResult? asked, string? address, bool noToken) => asked is { Implicit: false }
        ? ServeCommand.Embedded(context, address ?? $"127.0.0.1:{DashboardOptions.DefaultPort}", noToken)
        : noToken ? throw new UsageException("--no-token without --serve; allowed: with --serve") : null;

    private static async Task<int> RunAsync(CommandContext context, string specPath, string? given, int? slots, string device, bool expect, string? metrics,
        DashboardOptions? serve, Uri? notify)
    {
        using SiloDevices devices = CommonOptions.OpenDevices(context, device, slots);
        IPEndPoint? served = CommonOptions.CheckMetrics(metrics);
        serve?.Check();

        // It starts while the spec is read and planned.
        var begun = EmbeddedNode.Begin(message => context.Error.WriteLine(Words.Clean(message)), context.Time);
        if (SpecFile.Read(context, specPath) is not { } spec)
            return ExitCode.Usage;
        if (expect)
            ReportJob.RequireExpectations(spec);

        RunDirectory run = RunDirectory.For(spec.Name, given);
        using IDisposable held = run.Lock();
        await using RunStore store = RunStore.Open(run, context.Time, create: true, RunSession.Limits);
        await using EmbeddedNode node = begun;
        using var interrupt = new Interrupt();
        using Webhook? hook = notify is null ? null : new Webhook(notify, context.Error, context.Time);
        var session = new RunSession(context, run, store, node, spec, devices, expect, served, serve, hook);
        return await session.RunAsync(interrupt.Token);
    }
}
