using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

public sealed class SweepNoteTests
{
    [Fact]
    public void Of_WhenThereAreBlanksAndRepeatedTags_LeavesThemOut() =>
        Assert.Equal(new SweepNote { Text = "look at width 64\nagain", Tags = ["paper", "to do"] },
            SweepNote.Of(" look at width 64\r\nagain \n", ["paper", " paper", "", null, "to do"]));

    [Theory]
    [InlineData(null, null)]
    [InlineData(" \n", " ")]
    public void Of_WhenThereIsNothing_IsEmpty(string? text, string? tag) => Assert.True(SweepNote.Of(text, tag is null ? null : [tag]).IsEmpty);

    [Fact]
    public void Of_WhenItIsAsLongAsAllowed_IsKept()
    {
        SweepNote note = SweepNote.Of(new string('a', SweepNote.MaxText), Enumerable.Range(0, SweepNote.MaxTags).Select(i => $"{i:D40}"));
        Assert.Equal((SweepNote.MaxText, SweepNote.MaxTags), (note.Text.Length, note.Tags.Count));
    }

    [Theory]
    [InlineData(2001, 0, 0, "text: 2001 characters; allowed: at most 2000")]
    [InlineData(0, 17, 3, "tags: 17; allowed: at most 16")]
    [InlineData(0, 1, 41, "tag: 41 characters; allowed: at most 40")]
    public void Of_WhenItIsTooMuch_SaysWhatIsAllowed(int text, int tags, int tag, string trouble) => Assert.Equal(
        trouble,
        Assert.Throws<ArgumentException>(() => SweepNote.Of(new string('a', text), Enumerable.Range(0, tags).Select(i => $"{i}".PadLeft(tag, 't')))).Message);

    [Theory]
    [InlineData(null, "a,b", "tag: a,b; allowed: no comma and no control characters")]
    [InlineData(null, "a\u001b[31m", "tag: a[31m; allowed: no comma and no control characters")]
    [InlineData("a\u0007", null, "text: control characters; allowed: letters, blanks and line breaks")]
    public void Of_WhenThereAreCharactersThatItCannotHave_SaysSo(string? text, string? tag, string trouble) =>
        Assert.Equal(trouble, Assert.Throws<ArgumentException>(() => SweepNote.Of(text, [tag])).Message);
}
