using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Specs from somebody else that name files which are none of theirs.</summary>
public sealed class OutsideFileTests : IDisposable
{
    private const string Secret = "hunter2";

    private readonly string _root = Directory.CreateTempSubdirectory("sweep-outside-").FullName;

    public OutsideFileTests() => Directory.CreateDirectory(Path.Combine(_root, "spec"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static TheoryData<string, string, string> Files => new()
    {
        { "passwd.csv", $"root:{Secret}:0:0\nbin:{Secret}:1:1\n", "" },
        { "twice.csv", $"{Secret},{Secret}\n1,2\n", "" },
        { "cells.csv", $"a,b\n1,{Secret}\n", ":2: column …: …; allowed: " },
        { "ragged.csv", $"a,b\n1,2\n{Secret}\n", ":3: 1 fields; allowed: 2" },
        { "numbers.csv", $"1,2\n3,{Secret}\n", "" },
        { "quoted.csv", $"\"a\"{Secret}\n", "" },
        { "columns.csv", $"{Secret}1,b\n1,2\n", "" },
        { "header.npy", $"\u0093NUMPY\u0001\u0000\u0040\u0000{Secret}", "" },
        { "short.npy", Secret, "" },
        { "key.csv", $"-----BEGIN KEY-----\n{Secret}\n", "" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_WhenAFileOutsideTheSpecsFolderIsNoData_QuotesNothingOfIt(string name, string content, string shown)
    {
        string file = Path.Combine(_root, name);
        File.WriteAllText(file, content, System.Text.Encoding.Latin1);
        File.CreateSymbolicLink(Path.Combine(_root, "spec", name), file);
        foreach (string path in new[] { file, $"../{name}", name })
        {
            SpecReading reading = Read(path, "hunter");
            string errors = string.Join('\n', reading.Errors);
            Assert.NotEmpty(errors);
            Assert.DoesNotContain(Secret, errors, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(shown, errors, StringComparison.Ordinal);
            Assert.Contains("content of files outside the spec's folder", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_WhenAFileInTheSpecsFolderIsNoData_QuotesWhatIsWrong()
    {
        File.WriteAllText(Path.Combine(_root, "spec", "cells.csv"), $"a,b\n1,{Secret}\n");
        SpecReading reading = Read("cells.csv", "a");
        Assert.Contains($"cells.csv:2: column b: {Secret}; allowed: a finite number", string.Join('\n', reading.Errors), StringComparison.Ordinal);
    }

    private SpecReading Read(string path, string column) => SpecReader.ReadText(
        $"sweep: s\naxes:\n  dataset:\n    - {{kind: file, path: "
            + $"{path}{(path.Contains("columns", StringComparison.Ordinal) ? $", columns: [{column}]" : "")}}}\n",
        "spec.yaml", Path.Combine(_root, "spec"), SpecCatalogue.Default);
}
