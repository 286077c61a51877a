using System.CommandLine;
using Sweep.Client.Running;

namespace Sweep.Client.Commands;

/// <summary><c>sweep run SPEC</c>: launch, work and report in one process; resumes what its folder already holds.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> spec = CommonOptions.Spec();
        Option<string?> outOption = CommonOptions.Out();
        var slots = new Option<int?>("--slots") { Description = "trials at a time (default: one per core)", HelpName = "N" };
        var device = new Option<string>("--device") { Description = "auto, cpu or cuda", DefaultValueFactory = _ => "auto", HelpName = "DEVICE" };
        var command = new Command("run", "run a sweep on this machine and write its report; run again to resume") { spec, outOption, slots, device };
        command.SetAction((parsed, _) => RunAsync(
            context, parsed.GetValue(spec)!, parsed.GetValue(outOption), parsed.GetValue(slots), parsed.GetValue(device)!));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string specPath, string? given, int? slots, string device)
    {
        if (slots is < 1 or > 4096)
            throw new UsageException($"--slots: {slots}; allowed: 1 to 4096");
        if (device is not ("auto" or "cpu" or "cuda"))
            throw new UsageException($"--device: {Words.Clean(device)}; allowed: auto, cpu, cuda");
        if (device is "cuda")
            throw new UsageException("--device: cuda; allowed here: auto, cpu (this build has no GPU trainer yet)");
        if (SpecFile.Read(context, specPath) is not { } spec)
            return ExitCode.Usage;

        RunDirectory run = RunDirectory.For(spec.Name, given);
        using IDisposable held = run.Lock();
        await using RunStore store = RunStore.Open(run, context.Time, create: true);
        using var interrupt = new Interrupt();
        var session = new RunSession(context, run, store, spec, slots ?? Environment.ProcessorCount);
        return await session.RunAsync(interrupt.Token);
    }
}
