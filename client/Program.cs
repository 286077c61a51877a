using Spectre.Console;
using Sweep.Client.Commands;

var context = new CommandContext
{
    Out = Console.Out,
    Error = Console.Error,
    Console = AnsiConsole.Console,
    Time = TimeProvider.System,
};
return await CommandLine.RunAsync(args, context);
