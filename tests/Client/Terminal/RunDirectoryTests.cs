using Sweep.Client.Terminal;
using Xunit;

namespace Sweep.Tests.Client.Terminal;

public sealed class RunDirectoryTests
{
    [Fact]
    public void Lock_WhenItMayNotBeWritten_SaysWhatIsAllowed()
    {
        using var scratch = new Scratch();

        // In the lock's place a folder: nobody may write that, not even root.
        Directory.CreateDirectory(Path.Combine(scratch.Path, "run", "sweep.lock"));

        UsageException e = Assert.Throws<UsageException>(() => RunDirectory.For("s", Path.Combine(scratch.Path, "run")).Lock());

        Assert.EndsWith("/run: it can't be written, as it is another user's or protected; allowed: a folder that you may write", e.Message,
            StringComparison.Ordinal);
    }
}
