using System.CommandLine;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary>The <c>sweep</c> command: parses, runs, and turns errors into one line on standard error and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        RootCommand root = Root(context);
        if (args.Length == 0)
        {
            // Nothing was asked for, so nothing was done: usage, as an error.
            await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = context.Error }).ConfigureAwait(false);
            return ExitCode.Usage;
        }

        ParseResult parsed = root.Parse(args);
        string[] mistakes = CompletionScript.IsAsked(args) ? [] : [.. ParseErrors.Of(parsed)];
        if (mistakes.Length > 0)
        {
            foreach (string mistake in mistakes)
                context.Error.WriteLine($"sweep: {mistake}");
            context.Error.WriteLine("sweep --help lists the commands, sweep COMMAND --help a command's options");
            return ExitCode.Usage;
        }

        try
        {
            // The run command handles Ctrl-C itself: it drains.
            var invocation = new InvocationConfiguration
            {
                Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            context.Error.WriteLine($"sweep: {e.Message}");
            return ExitCode.Usage;
        }
        catch (SpecChangedException e)
        {
            context.Error.WriteLine($"sweep: {Words.Clean(e.Message, lines: true)}");
            return ExitCode.Usage;
        }
        catch (StoreException e)
        {
            context.Error.WriteLine($"sweep: {e.Message}");
            return ExitCode.Store;
        }
        catch (IOException e) when (DiskTrouble.Of(e) is { } trouble)
        {
            context.Error.WriteLine($"sweep: {trouble}: {Words.Clean(e.Message)}");
            return ExitCode.Store;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            context.Error.WriteLine($"sweep: no such file or folder, or it can't be made: {Words.Clean((e as FileNotFoundException)?.FileName ?? e.Message)}");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"sweep: {Words.Clean(e.Message)}");
            return ExitCode.Usage;
        }
        catch (Exception e)
        {
            return LastResort.Say(context.Error, e);
        }
    }

    private static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand("Sweep: which preprocessing, noise schedule and network width is best, on which data, and is the difference real?")
        {
            RunCommand.Create(context),
            LaunchCommand.Create(context),
            SiloCommand.Create(context),
            CheckCommand.Create(context),
            ListCommand.Create(context),
            StatusCommand.Create(context),
            WatchCommand.Create(context),
            TrialsCommand.Create(context),
            ShowCommand.Create(context),
        };
        foreach (Command command in OperateCommands.Create(context))
            root.Add(command);
        root.Add(ReportCommand.Create(context));
        root.Add(ExportCommand.Create(context));
        root.Add(LedgerCommand.Create(context));
        root.Add(ServeCommand.Create(context));
        root.Add(SetupCommand.Create(context));
        root.Add(DoctorCommand.Create(context));
        return root;
    }
}
