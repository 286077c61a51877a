using System.CommandLine;
using System.Net;
using Sweep.Client.Cluster;
using Sweep.Client.Dashboard;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo.Telemetry;
using Sweep.Silo.Telemetry.Prometheus;

namespace Sweep.Client.Commands;

/// <summary><c>sweep serve</c>: the dashboard of a run's folder or of a cluster, until Ctrl-C.</summary>
internal static class ServeCommand
{
    /// <summary>Environment variables used if no token files are given.</summary>
    private const string TokenVariable = "SWEEP_TOKEN", ReaderTokenVariable = "SWEEP_READER_TOKEN";

    public static Command Create(CommandContext context)
    {
        Option<string?> outOption = CommonOptions.Out();
        Option<string?> store = CommonOptions.Store();
        var listen = new Option<string>("--listen")
        {
            Description = "where: PORT or ADDRESS:PORT", HelpName = "[ADDRESS:]PORT", DefaultValueFactory = _ => $"127.0.0.1:{DashboardOptions.DefaultPort}",
        };
        var token = new Option<string?>("--token-file")
        {
            Description = $"a file with the operators' token (or {TokenVariable} in the environment); "
                + "without any token one is generated, and a link with it is printed",
            HelpName = "FILE",
        };
        var reader = new Option<string?>("--reader-token-file")
        {
            Description = $"a file with the readers' token (or {ReaderTokenVariable})", HelpName = "FILE",
        };
        Option<bool> noToken = CommonOptions.NoToken();
        var authority = new Option<string?>("--oidc-authority")
        {
            Description = "URL of an OpenID Connect provider whose tokens are accepted", HelpName = "URL",
        };
        var audience = new Option<string?>("--oidc-audience") { Description = "the aud claim that its tokens must have", HelpName = "AUDIENCE" };
        var role = new Option<string?>("--oidc-operator-role")
        {
            Description = "the role of operators in its tokens; everybody else is a reader", HelpName = "ROLE",
        };
        var hosts = new Option<string[]>("--host") { Description = "a host name of a reverse proxy (may be repeated)", HelpName = "NAME" };
        var proxies = new Option<string[]>("--trusted-proxy")
        {
            Description = "a reverse proxy whose X-Forwarded-For is trusted, so that limits apply per client (may be repeated)", HelpName = "ADDRESS[/BITS]",
        };
        var prefix = new Option<string>("--base")
        {
            Description = "what the path of every address begins with behind a proxy, such as /sweep/", HelpName = "PATH", DefaultValueFactory = _ => "/",
        };
        var command = new Command("serve", "serve the dashboard of all runs below runs/, of one, or of a cluster (Ctrl-C stops only the server)")
        {
            outOption, store, listen, token, reader, noToken, authority, audience, role, hosts, proxies, prefix,
        };
        command.SetAction(async (parsed, _) =>
        {
            DashboardOptions options = new DashboardOptions
            {
                Listen = Address("--listen", parsed.GetValue(listen)!),
                Token = Token(context, parsed.GetValue(token), TokenVariable),
                ReaderToken = Token(context, parsed.GetValue(reader), ReaderTokenVariable),
                Oidc = Oidc(parsed.GetValue(authority), parsed.GetValue(audience), parsed.GetValue(role)),
                Hosts = parsed.GetValue(hosts) ?? [],
                Proxies = TrustedProxies.Parse("--trusted-proxy", parsed.GetValue(proxies) ?? []),
                IsOpen = parsed.GetValue(noToken),
                Base = DashboardOptions.ParseBase(parsed.GetValue(prefix)!),
            }.WithGeneratedToken();
            options.Check();
            using var interrupt = new Interrupt();
            string? folder = parsed.GetValue(outOption);
            PostgresUrl? url = StoreArguments.Url(parsed.GetValue(store), folder);
            if (url is null && folder is null)
                return await ServeRunsAsync(context, options, interrupt);
            RunDirectory? run = url is null ? RunDirectory.Existing(null, folder) : null;
            await using RunStore open = url is null
                ? RunStore.Open(run!, context.Time)
                : await RunStore.OpenAsync(url, context.Time, StoreOpening.Existing, interrupt.Token);
            using OtlpExport? otlp = OtlpExport.FromEnvironment($"dashboard/{Environment.MachineName}/{Environment.ProcessId}");
            await using LiveSource live = url is null ? new LiveSource(run!.Socket, context.Time) : new LiveSource(url, context.Time);
            return await ServeAsync(context, new StoreView(open, run) { Live = live }, open.Shown, options, interrupt);
        });
        return command;
    }

    /// <summary>All runs below <c>runs/</c>, and those that are made later.</summary>
    private static async Task<int> ServeRunsAsync(CommandContext context, DashboardOptions options, Interrupt interrupt)
    {
        if (!RunDirectory.All().Any())
            RunDirectory.Existing(null, null);
        using OtlpExport? otlp = OtlpExport.FromEnvironment($"dashboard/{Environment.MachineName}/{Environment.ProcessId}");
        await using ManyRuns runs = new(context.Time, context.Error);
        return await ServeAsync(context, new StoreView(runs), ManyRuns.Shown, options, interrupt);
    }

    private static async Task<int> ServeAsync(CommandContext context, StoreView store, string shown, DashboardOptions options, Interrupt interrupt)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(store, options, context.Error, context.Time, interrupt.Token);
        IReadOnlyList<SweepSummary> sweeps = await store.Reader.ListAsync(interrupt.Token);
        string link = server.LinkTo(sweeps.Count == 1 ? sweeps[0].Id : null);
        context.Error.WriteLine($"dashboard of {Words.Clean(shown)} at {link} (Ctrl-C stops it)");
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, interrupt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Done;
    }

    /// <exception cref="UsageException">Not a valid address.</exception>
    public static IPEndPoint Address(string option, string given) => MetricsAddress.TryParse(given, out IPEndPoint? address) ? address
        : throw new UsageException($"{option}: {Words.Clean(given)}; allowed: {MetricsAddress.Allowed}");

    /// <summary>The options of <c>run --serve ADDRESS</c>, with tokens from the environment.</summary>
    public static DashboardOptions Embedded(CommandContext context, string given, bool noToken) => new DashboardOptions
    {
        Listen = Address("--serve", given),
        Token = Token(context, null, TokenVariable),
        ReaderToken = Token(context, null, ReaderTokenVariable),
        IsOpen = noToken,
        Embedded = true,
    }.WithGeneratedToken();

    private static string? Token(CommandContext context, string? file, string variable)
    {
        if (file is null)
            return Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } given ? given : null;
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        if (!OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & others) != UnixFileMode.None)
            context.Error.WriteLine($"warning: {Words.Clean(file)} is readable by others on this machine: chmod 600 {Words.Clean(file)}");
        string token = File.ReadAllText(file).Trim();
        return token.Length > 0 ? token : throw new UsageException($"no token in {Words.Clean(file)}; allowed: a line such as openssl rand -hex 32 prints");
    }

    private static OidcOptions? Oidc(string? authority, string? audience, string? role)
    {
        if (authority is null)
            return audience is null && role is null ? null : throw new UsageException(
                "--oidc-audience and --oidc-operator-role need a provider; allowed: with --oidc-authority URL");
        if (!Uri.TryCreate(authority, UriKind.Absolute, out Uri? url))
            throw new UsageException($"--oidc-authority: {Words.Clean(authority)}; allowed: an https URL");
        return new OidcOptions(url, audience ?? throw new UsageException(
            "--oidc-authority needs the aud claim that its tokens must have; allowed: with --oidc-audience AUDIENCE"), role);
    }
}
