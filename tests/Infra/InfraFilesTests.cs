using System.Globalization;
using System.Text.RegularExpressions;
using Sweep.Silo;
using Sweep.Tests.Client;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Sweep.Tests.Infra;

/// <summary>
/// What the files of <c>infra/</c> must agree on with the code: how long a drain takes, which signal asks for it, what the command is called.
/// </summary>
public sealed partial class InfraFilesTests
{
    private static readonly TimeSpan Drain = new SiloOptions { Id = "i", Slots = 1, ArtifactsDirectory = "d" }.DrainWithin;

    [Fact]
    public void Unit_WhenStopped_LeavesTimeForADrain()
    {
        string unit = Read("systemd/sweep-silo@.service");
        Assert.True(Seconds(Setting(unit, "TimeoutStopSec")) > Drain);
        Assert.Equal("SIGTERM", Setting(unit, "KillSignal"));
        Assert.Contains("silo --id", Setting(unit, "ExecStart"), StringComparison.Ordinal);

        // The JIT compiler writes memory that it then executes.
        Assert.DoesNotContain("\nMemoryDenyWriteExecute", unit, StringComparison.Ordinal);
        Assert.Contains("\nSWEEP_STORE=postgresql://", Read("systemd/silo.env"), StringComparison.Ordinal);
    }

    [Fact]
    public void SlurmScript_WhenPreempted_LeavesTimeForADrain()
    {
        string script = Read("slurm/silo.sbatch");
        Match signal = SlurmSignal().Match(script);
        Assert.True(signal.Success);
        Assert.True(Seconds(signal.Groups["s"].Value) > Drain);
        Assert.Contains("kill -TERM \"$silo\"", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Deployment_WhenAPodIsStopped_LeavesTimeForADrain()
    {
        YamlMappingNode deployment = Yaml("kubernetes/silos.yaml");
        Assert.Equal(("apps/v1", "Deployment"), (Text(deployment, "apiVersion"), Text(deployment, "kind")));
        YamlMappingNode spec = Map(deployment, "spec");
        YamlMappingNode template = Map(spec, "template");
        Assert.Equal(Map(Map(spec, "selector"), "matchLabels"), Map(Map(template, "metadata"), "labels"));
        YamlMappingNode pod = Map(template, "spec");
        Assert.True(Seconds(Text(pod, "terminationGracePeriodSeconds")) > Drain);
        Assert.Equal("true", Text(Map(pod, "securityContext"), "runAsNonRoot"));
        var container = (YamlMappingNode)Assert.Single(List(pod, "containers"));
        Assert.Equal("silo", ((YamlScalarNode)List(container, "args")[0]).Value);
        YamlMappingNode store = List(container, "env").Cast<YamlMappingNode>().Single(e => Text(e, "name") == "SWEEP_STORE");
        Assert.Equal("sweep-store", Text(Map(Map(store, "valueFrom"), "secretKeyRef"), "name"));
        Assert.Equal(
            List(pod, "volumes").Cast<YamlMappingNode>().Select(v => Text(v, "name")).Order(StringComparer.Ordinal),
            List(container, "volumeMounts").Cast<YamlMappingNode>().Select(v => Text(v, "name")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compose_WhenSilosAreStopped_LeavesTimeForADrain()
    {
        YamlMappingNode compose = Yaml("docker/compose.yaml");
        YamlMappingNode silo = Map(Map(compose, "services"), "silo");
        Assert.True(Seconds(Text(silo, "stop_grace_period")) > Drain);
        Assert.Equal("SIGTERM", Text(silo, "stop_signal"));

        // exec, so that process 1 is the command and gets the signal.
        Assert.Contains("exec /opt/sweep/sweep silo", ((YamlScalarNode)List(silo, "entrypoint")[2]).Value, StringComparison.Ordinal);
        string dockerfile = Text(Map(silo, "build"), "dockerfile");
        Assert.True(File.Exists(Path.Combine(SweepProcess.RepositoryRoot, dockerfile)), dockerfile);
        Assert.Contains("ENTRYPOINT [\"/opt/sweep/sweep\"]", Read("docker/Dockerfile"), StringComparison.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(SweepProcess.RepositoryRoot, "infra", file));

    private static YamlMappingNode Yaml(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Read(file)));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[new YamlScalarNode(key)];

    private static YamlSequenceNode List(YamlMappingNode node, string key) => (YamlSequenceNode)node.Children[new YamlScalarNode(key)];

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[new YamlScalarNode(key)]).Value!;

    private static string Setting(string unit, string name) =>
        unit.Split('\n').Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(int.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^#SBATCH --signal=B:TERM@(?<s>[0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SlurmSignal();
}
