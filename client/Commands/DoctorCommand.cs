using System.CommandLine;
using System.Runtime.InteropServices;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Silo.Devices;

namespace Sweep.Client.Commands;

/// <summary><c>sweep doctor</c>: reports reports what this machine can do.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("doctor", "report what this machine can do") { json };
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
                int width = context.Console.Profile.Width - 1;
                IEnumerable<string> lines =
                [
                    .. TextWrap.Lines($"sweep {machine.SweepVersion}, {machine.Dotnet}, {machine.Os}", "", "  ", width),
                    .. TextWrap.Lines($"{machine.Cores} cores ({machine.Cpu}), {machine.VectorWidth}-bit vectors", "", "  ", width),
                    .. checks.SelectMany(c => TextWrap.Lines($"{c.What}: {c.Detail}", c.Ok ? "yes  " : "no   ", "     ", width)),
                ];
                foreach (string line in lines)
                    context.Out.WriteLine(line);
            }

            return checks.All(c => c.Ok || !c.Required) ? ExitCode.Done : ExitCode.NotAllDone;
        });
        return command;
    }

    private static IEnumerable<Check> Checks()
    {
        foreach (Check device in DeviceKinds.All.SelectMany(Devices))
            yield return device;
        yield return new Check("clusters over PostgreSQL", true, false, "sweep launch, sweep silo; only a server is needed");
    }

    /// <summary>Each device of a kind, after a self-test against the CPU; or why there is none.</summary>
    private static IEnumerable<Check> Devices(IDeviceKind kind)
    {
        IReadOnlyList<string> found = kind.Find(out string? why);
        if (found.Count == 0)
            yield return new Check(kind.Title, false, false, why!);
        foreach (string name in found)
        {
            using SiloDevice? open = kind.Open(name, TimeProvider.System, out string? problem, CancellationToken.None);
            yield return new Check($"{kind.Title} on {name}", open is not null, false, problem ?? $"{open!.Detail}; {open.DefaultSlots} slots");
        }
    }

    private static Check Library(string what, string library, string install, bool required) =>
        NativeLibrary.TryLoad(library, out _)
            ? new Check(what, true, required, library)
            : new Check(what, false, required, $"{library} is missing: {install}");

    /// <summary>One line of the report.</summary>
    private sealed record Check(string What, bool Ok, bool Required, string Detail);
}
