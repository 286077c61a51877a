using Spectre.Console;
using Sweep.Client.Commands;
using Sweep.Client.Terminal;

// Pipes and files have no width: tables are as wide as their content, one line per row.
if (Console.IsOutputRedirected)
    AnsiConsole.Console.Profile.Width = CommandContext.NoWidth;
var context = new CommandContext
{
    Out = Console.Out,
    Error = Console.Error,
    Console = AnsiConsole.Console,
    Time = TimeProvider.System,
};
// Of a thread of its own: without this the process would abort.
AppDomain.CurrentDomain.UnhandledException += (_, e) =>
    Environment.Exit(LastResort.Say(context.Error, e.ExceptionObject as Exception ?? new InvalidOperationException($"{e.ExceptionObject}")));
return await CommandLine.RunAsync(args, context);
