using System.CommandLine;
using System.Runtime.InteropServices;
using Sweep.Client.Running;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Commands;

/// <summary><c>sweep doctor</c>: what this machine can do.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("doctor", "say what this machine can do") { json };
        command.SetAction(parsed =>
        {
            ReportEnvironment machine = MachineDescription.Environment();
            Check[] checks = [.. Checks()];
            if (parsed.GetValue(json))
            {
                context.WriteJson(new { environment = machine, checks });
            }
            else
            {
                context.Out.WriteLine($"sweep {machine.SweepVersion}, {machine.Dotnet}, {machine.Os}");
                context.Out.WriteLine($"{machine.Cores} cores ({machine.Cpu}), {machine.VectorWidth}-bit vectors");
                foreach (Check check in checks)
                    context.Out.WriteLine($"{(check.Ok ? "yes" : "no ")}  {check.What}: {check.Detail}");
            }

            return checks.All(c => c.Ok || !c.Required) ? ExitCode.Done : ExitCode.TrialsFailed;
        });
        return command;
    }

    private static IEnumerable<Check> Checks()
    {
        yield return Library("SQLite store (sweep run)", "libsqlite3.so.0", "apt-get install libsqlite3-0", required: true);
        yield return new Check("GPU trainer", false, false, NativeLibrary.TryLoad("libcuda.so.1", out _)
            ? "a CUDA driver is here, but this build has no GPU trainer yet"
            : "no CUDA driver (libcuda.so.1), and this build has no GPU trainer yet");
        yield return new Check("clusters over PostgreSQL", true, false, "sweep launch, sweep silo; a server is all they need");
        yield return new Check("clusters over Orleans", OrleansGate.Engine is not null, false, OrleansGate.Found);
    }

    private static Check Library(string what, string library, string install, bool required) =>
        NativeLibrary.TryLoad(library, out _)
            ? new Check(what, true, required, library)
            : new Check(what, false, required, $"{library} is missing: {install}");

    /// <summary>One line of the answer.</summary>
    private sealed record Check(string What, bool Ok, bool Required, string Detail);
}
