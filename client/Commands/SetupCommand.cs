using System.CommandLine;
using Sweep.Client.Cluster;
using Sweep.Client.Terminal;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Commands;

/// <summary>
/// <c>sweep setup</c>: <c>./sweep</c> has installed and built everything by the time this runs; what is left is to say so. With <c>--store</c> it makes a
/// cluster's store, and its roles if asked.
/// </summary>
internal static class SetupCommand
{
    public static Command Create(CommandContext context)
    {
        var store = new Option<string?>("--store") { Description = "create this cluster's store if it doesn't exist", HelpName = "URL" };
        var roles = new Option<bool>("--roles") { Description = "with a store: also create the roles operator, silo and reader with the privileges they need" };
        var rotate = new Option<bool>("--rotate-key")
        {
            Description = "with a store: also make a new key for the cluster, which its members accept beside the old one from now on",
        };
        var drop = new Option<bool>("--drop-old-key") { Description = "with a store: remove the old key, after --rotate-key" };
        var export = new Option<string?>("--export-key")
        {
            Description = "with --store: write the cluster's key to FILE, for its owner alone: for sweep silo --outbound --key FILE", HelpName = "FILE",
        };
        var torch = new Option<string?>("--torch")
        {
            Description = "fetch libtorch for residual networks, U-Nets and --device torch:…: 128 MB for the processor, some 3 GB for CUDA",
            HelpName = "cpu|cuda",
        };
        var completion = new Option<string?>("--completion")
        {
            Description = "print a script that lets this shell complete commands, options and names", HelpName = CompletionScript.Shells,
        };
        var command = new Command("setup", "install and build what is needed; fetch libtorch; or set up a cluster's store") { store, roles, rotate, drop,
            export, torch, completion };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(completion) is { } shell)
            {
                context.Out.WriteLine(CompletionScript.Of(shell));
                return ExitCode.Done;
            }

            if (parsed.GetValue(torch) is { } kind)
                return await TorchSetup.RunAsync(context, kind, cancel);
            Option? ofStore = new Option[] { roles, rotate, drop, export }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false });
            if (parsed.GetValue(store) is null && ofStore is null)
            {
                context.Out.WriteLine("built and ready; what this machine can do: sweep doctor");
                return ExitCode.Done;
            }

            if (parsed.GetValue(rotate) && parsed.GetValue(drop))
            {
                throw new UsageException(
                    "--rotate-key together with --drop-old-key; allowed: one after the other, once all that use a copy of the old key have the new one");
            }

            PostgresUrl url = StoreArguments.Url(parsed.GetValue(store), null) ?? throw new UsageException(
                $"{ofStore!.Name}: of which store? allowed: with --store postgresql://user@host/database, or {StoreArguments.Variable} in the environment");
            await using PostgresSweeps sweeps = await PostgresSweeps.OpenAsync(url, context.Time, StoreOpening.Create, cancellationToken: cancel);
            context.Out.WriteLine($"ready: {url.Shown}, schema {url.Schema}");
            if (parsed.GetValue(roles))
            {
                IReadOnlyList<string> made = await sweeps.GrantRolesAsync(url, cancel);
                context.Out.WriteLine($"roles: {string.Join(", ", made)}; add a user to one with: CREATE ROLE name LOGIN PASSWORD '…' IN ROLE {made[1]}");
            }

            if (parsed.GetValue(rotate))
            {
                await ClusterTables.RotateAsync(url, cancel);
                context.Out.WriteLine("a new key is accepted beside the old one; end the old one with: sweep setup --store URL --drop-old-key");
            }

            if (parsed.GetValue(drop))
            {
                await ClusterTables.DropOldAsync(url, cancel);
                context.Out.WriteLine("the old key is gone; connections that stand are not cut");
            }

            if (parsed.GetValue(export) is { } path)
            {
                Export(KeyFile.Of(url, await ClusterTables.KeysAsync(url, cancel)), path);
                context.Out.WriteLine($"the cluster's key: {Words.Clean(path)}; whoever has it can do to the cluster what a silo can");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Export(KeyFile key, string path)
    {
        try
        {
            key.Write(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--export-key: {Words.Clean(path)} can't be written ({Words.Clean(e.Message)}); allowed: a file in a folder of yours", e);
        }
    }
}
