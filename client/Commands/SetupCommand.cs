using System.CommandLine;

namespace Sweep.Client.Commands;

/// <summary>
/// <c>sweep setup</c>: <c>./sweep</c> has installed and built everything by the time this runs; what is left is to say so.
/// </summary>
internal static class SetupCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("setup", "install and build what is needed, then say what was found");
        command.SetAction(_ =>
        {
            context.Out.WriteLine("built and ready. Optional parts:");
            context.Out.WriteLine("  Orleans cluster engine: not in this build yet");
            context.Out.WriteLine("  TorchSharp trainer: not in this build yet");
            context.Out.WriteLine("what this machine can do: sweep doctor");
            return ExitCode.Done;
        });
        return command;
    }
}
