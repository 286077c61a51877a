using System.CommandLine;

namespace Sweep.Client.Commands;

/// <summary>Options that several commands take. A fresh instance per command: System.CommandLine binds an option to its command.</summary>
internal static class CommonOptions
{
    public static Option<string?> Out() =>
        new("--out") { Description = "the run's folder (default: runs/NAME)", HelpName = "DIR" };

    public static Option<bool> Json() => new("--json") { Description = "write JSON to standard output" };

    public static Argument<string?> Sweep() => new("sweep")
    {
        Description = "the sweep's name; not needed when there is only one run",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Argument<string> Spec() => new("spec") { Description = "the spec, a YAML file", HelpName = "SPEC" };
}
