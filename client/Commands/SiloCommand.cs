using System.CommandLine;
using System.Net;
using Sweep.Client.Cluster;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo;
using Sweep.Silo.Devices;
using Sweep.Silo.Telemetry.Prometheus;

namespace Sweep.Client.Commands;

/// <summary><c>sweep silo --store URL</c>: joins a cluster as a worker until it is stopped.</summary>
internal static class SiloCommand
{
    private const string DefaultFolder = "silo";
    private const int DefaultDashboardPort = 8788;

    public static Command Create(CommandContext context)
    {
        Option<string?> store = CommonOptions.Store();
        Option<int?> slots = CommonOptions.Slots();
        Option<string> device = CommonOptions.Device();
        var folder = new Option<string>("--dir")
        {
            Description = "folder for artifacts, checkpoints and data files; silos that share one continue each other's checkpoints", HelpName = "DIR",
            DefaultValueFactory = _ => DefaultFolder,
        };
        var id = new Option<string?>("--id") { Description = "the silo's name, unique among all (default: HOST/PID/random)", HelpName = "ID" };
        var sweep = new Option<string?>("--sweep") { Description = "work on this sweep only", HelpName = "NAME" };
        Option<string?> metrics = CommonOptions.Metrics();
        var idle = new Option<bool>("--exit-when-idle")
        {
            Description = "stop when no trial can come any more, instead of waiting for more; exit code 1 if trials of its sweeps failed for good",
        };
        var lease = new Option<int>("--lease")
        {
            Description = "seconds without a heartbeat of this silo after which its trials return to the queue; use the same for all silos",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => (int)new CoordinatorOptions().LeaseDuration.TotalSeconds,
        };
        var advertise = new Option<string?>("--advertise")
        {
            Description = "the address at which other silos reach this one (default: this machine's, or 127.0.0.1 when the store is on it)",
            HelpName = "ADDRESS",
        };
        var port = new Option<int>("--port") { Description = "the port for other silos (default: a free one)", HelpName = "PORT" };
        var gateway = new Option<int>("--gateway-port") { Description = "the port for clients (default: a free one)", HelpName = "PORT" };
        var dashboard = new Option<string?>("--orleans-dashboard")
        {
            Description = $"serve Orleans' own dashboard at http://127.0.0.1:{DefaultDashboardPort}/ or at another port of this machine",
            HelpName = "[ADDRESS:]PORT",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var outbound = new OutboundOptions();
        var command = new Command("silo", "join a cluster as a worker; SIGTERM or Ctrl-C drains it")
        {
            store, slots, device, folder, id, sweep, idle, lease, metrics, advertise, port, gateway, dashboard,
        };
        outbound.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var log = new SiloLog(context.Error, context.Time);
            string name = Id(parsed.GetValue(id));
            OutboundSettings? client = outbound.Read(parsed, name, log.Warning, store, advertise, port, gateway, dashboard);
            IPEndPoint? shown = parsed.GetResult(dashboard) is null ? null : CheckDashboard(parsed.GetValue(dashboard));
            ClusterSettings? member = client is not null ? null : new ClusterSettings(StoreArguments.Require(parsed.GetValue(store)))
            {
                Name = name,
                Warning = log.Warning,
                Advertise = CheckAddress(parsed.GetValue(advertise)), Port = CheckPort("--port", parsed.GetValue(port)),
                GatewayPort = CheckPort("--gateway-port", parsed.GetValue(gateway)), Dashboard = shown,
            };
            using SiloDevices devices = CommonOptions.OpenDevices(context, parsed.GetValue(device)!, parsed.GetValue(slots));
            CoordinatorOptions limits = CoordinatorOptions.OfCluster(CheckLease(parsed.GetValue(lease)));
            IPEndPoint? served = CommonOptions.CheckMetrics(parsed.GetValue(metrics));
            using var interrupt = new Interrupt();
            string directory = Path.GetFullPath(parsed.GetValue(folder)!);
            Directory.CreateDirectory(directory);
            var options = new SiloOptions
            {
                Id = name,
                Slots = devices.Slots,
                ArtifactsDirectory = Path.Combine(directory, "artifacts"),
                ArtifactsShown = $"{Environment.MachineName}:{Path.Combine(directory, "artifacts")}",
                StopWhenIdle = parsed.GetValue(idle),
                LeaveWhenStalled = true,
                HeartbeatEvery = limits.LeaseDuration / 3,
                PollEvery = limits.LeaseDuration / 3,
            };
            string data = Path.Combine(directory, "data");
            string? only = parsed.GetValue(sweep);
            try
            {
                if (client is not null)
                {
                    await using OutboundNode node = await OutboundNode.JoinAsync(client, limits, context.Time, interrupt.Token);
                    options = options with { SweepId = only is null ? null : await IdAsync(node.Reader, only, interrupt.Token) };
                    return await new SiloSession(log, context.Time, node.Reader, client.Gateway, node, options, devices, data, served)
                        .RunAsync(interrupt.Token);
                }

                await using RunStore open = await StoreRetry.AskAsync(
                    () => RunStore.OpenAsync(member!.Store, context.Time, StoreOpening.Existing, interrupt.Token, limits), log.Warning, context.Time,
                    interrupt.Token);
                options = options with { SweepId = only is null ? null : (await open.SweepAsync(only, interrupt.Token)).Id };
                await using ClusterNode silo = await ClusterNode.JoinAsync(member!, open.Cluster, limits, context.Time, interrupt.Token);
                return await new SiloSession(log, context.Time, open.Reader, open.Shown, silo, options, devices, data, served).RunAsync(interrupt.Token);
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                context.Error.WriteLine("drained: told to stop before the cluster was joined");
                return ExitCode.Done;
            }
        });
        return command;
    }

    /// <exception cref="UsageException">There is none.</exception>
    private static async Task<string> IdAsync(IWorkerReader store, string nameOrId, CancellationToken cancellationToken) =>
        (await store.FindAsync(nameOrId, cancellationToken))?.Id
            ?? throw new UsageException($"no sweep: {Words.Clean(nameOrId)}; allowed: the name or id of one in the store");

    private static IPAddress? CheckAddress(string? given) => given is null ? null
        : IPAddress.TryParse(given, out IPAddress? address) ? address
        : throw new UsageException($"--advertise: {Words.Clean(given)}; allowed: an IP address of this machine");

    /// <summary>It has no access control: on this machine only.</summary>
    private static IPEndPoint CheckDashboard(string? given)
    {
        const string Allowed = "PORT or 127.0.0.1:PORT, since it has no access control (from elsewhere: ssh -L PORT:127.0.0.1:PORT)";
        if (given is null)
            return new IPEndPoint(IPAddress.Loopback, DefaultDashboardPort);
        return MetricsAddress.TryParse(given, out IPEndPoint? address) && IPAddress.IsLoopback(address.Address)
            ? address
            : throw new UsageException($"--orleans-dashboard: {Words.Clean(given)}; allowed: {Allowed}");
    }

    private static int CheckPort(string option, int given) => given is >= 0 and <= 65535
        ? given
        : throw new UsageException($"{option}: {given}; allowed: 1 to 65535, or 0 for a free one");

    private static TimeSpan CheckLease(int seconds) => seconds is >= 1 and <= 3600
        ? TimeSpan.FromSeconds(seconds)
        : throw new UsageException($"--lease: {seconds}; allowed: 1 to 3600 seconds");

    private static string Id(string? given) => given switch
    {
        null => $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..6]}",
        { Length: > 0 and <= 200 } when !given.Any(char.IsControl) => given,
        _ => throw new UsageException($"--id: {Words.Clean(given)}; allowed: 1 to 200 printable characters"),
    };
}
